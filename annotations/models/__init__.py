"""The data of a study: tables, constraints and query sets; no workflow."""

from . import among as among  # makes the lookup known
from .accounts import OpenSession, OutsideIdentity, RecoveryCode
from .adjudication import Consensus, ConsensusCategory, ConsensusSpan, Decision
from .audit import Event
from .candidates import Candidate, CandidateDecision, ContextSuggestion, DetectorRule, Rescan
from .codebook import Category, Codebook, CodebookVersion, Variable
from .coding import Code, CodeCategory, Coding, FrozenCoding, KeptContradiction, Span
from .corpus import (
    Account,
    ColumnMapping,
    Conversation,
    ImportBatch,
    Message,
    MessageVersion,
)
from .documents import DocumentFile
from .drafts import CaseCheck, CodebookDraft, DraftStep, Proposal, RecodingUnderWay, VersionChange
from .exporting import CodingsUpload, ExportFile, StudyArrival
from .meeting import Meeting, MeetingCase, Vote
from .own_keys import OwnKey
from .questions import AnswerRead, Question
from .quotations import Quotation
from .reliability import AgreementReport
from .results import SavedTable, StudyFigures
from .sampling import Assignment, DrawUnderWay, Gate, Round, Selection
from .screening import (
    ComparisonSample,
    ComparisonUnit,
    Screening,
    ScreeningAnswer,
    ScreeningDecision,
    ScreeningLease,
    ScreeningScreener,
    ScreeningTrack,
    ScreeningUnit,
)
from .study import Absence, AcceptedStatement, Membership, Organisation, OrganisationHandle, SignInLink, Study
from .training import Attempt, KeyReason, Training, TrainingUnit

__all__ = [
    "Absence",
    "AcceptedStatement",
    "Account",
    "AgreementReport",
    "AnswerRead",
    "Assignment",
    "Attempt",
    "Candidate",
    "CandidateDecision",
    "CaseCheck",
    "Category",
    "Code",
    "CodeCategory",
    "Codebook",
    "CodebookDraft",
    "CodebookVersion",
    "Coding",
    "CodingsUpload",
    "ColumnMapping",
    "ComparisonSample",
    "ComparisonUnit",
    "Consensus",
    "ConsensusCategory",
    "ConsensusSpan",
    "ContextSuggestion",
    "Conversation",
    "Decision",
    "DetectorRule",
    "DocumentFile",
    "DraftStep",
    "DrawUnderWay",
    "Event",
    "ExportFile",
    "FrozenCoding",
    "Gate",
    "ImportBatch",
    "KeptContradiction",
    "KeyReason",
    "Meeting",
    "MeetingCase",
    "Membership",
    "Message",
    "MessageVersion",
    "OpenSession",
    "Organisation",
    "OrganisationHandle",
    "OutsideIdentity",
    "OwnKey",
    "Proposal",
    "Question",
    "Quotation",
    "RecodingUnderWay",
    "RecoveryCode",
    "Rescan",
    "Round",
    "SavedTable",
    "Screening",
    "ScreeningAnswer",
    "ScreeningDecision",
    "ScreeningLease",
    "ScreeningScreener",
    "ScreeningTrack",
    "ScreeningUnit",
    "Selection",
    "SignInLink",
    "Span",
    "Study",
    "StudyArrival",
    "StudyFigures",
    "Training",
    "TrainingUnit",
    "Variable",
    "VersionChange",
    "Vote",
]
