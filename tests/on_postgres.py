"""What runs on PostgreSQL as well as on SQLite: whatever the two may do differently.

That is what a lock, a trigger, a constraint, raw SQL, COPY, a search or a sort in the database decides; every
test with real transactions; and once the whole job, and every page. What asks for no database runs once.
`tests/test_architecture.py` looks for code of this kind whose tests are not here.
"""

MODULES = {
    "tests/models": "constraints, triggers, migrations",
    "tests/common": "COPY, bulk writes",
    "tests/accounts/test_links.py": "a link is used once: a lock",
    "tests/accounts/test_members.py": "the last supervisor: a lock",
    "tests/accounts/test_sign_in.py": "counting attempts",
    "tests/adjudication/test_desk.py": "sorted and counted in the database",
    "tests/adjudication/test_resolve.py": "locks, one writer",
    "tests/codebooks/test_writing.py": "a version is frozen by the database",
    "tests/coding/test_context_fields.py": "locks",
    "tests/coding/test_save_answers.py": "locks, stale revisions, constraints",
    "tests/coding/test_save_spans.py": "locks, lengths counted by the database",
    "tests/coding/test_queue.py": "kept by the database itself, counted there",
    "tests/archive": "COPY, deferred keys, new ids; a study that goes from one database to the other",
    "tests/conversations": "search, filters and sorting",
    "tests/detector": "rescanning: bulk writes and locks",
    "tests/demo/test_load.py": "the whole job: importing, coding, agreement",
    "tests/drafts": "locks, bulk writes, text that a database might reorder",
    "tests/exporting/test_export.py": "the whole job: what leaves",
    "tests/exporting/test_import_codings.py": "constraints",
    "tests/exporting/test_large.py": "plans of large queries",
    "tests/importing/test_commit.py": "locks, bulk writes, constraints",
    "tests/importing/test_killed_worker.py": "another process, other transactions",
    "tests/importing/test_own_export.py": "what comes back is compared in the database",
    "tests/importing/test_turns.py": "locks, other transactions",
    "tests/importing/test_scanning.py": "written in portions",
    "tests/quotations/test_bank.py": "locks, stale revisions, constraints",
    "tests/reliability/test_report.py": "counted in the database",
    "tests/results": "counted in the database",
    "tests/watch": "locks, woven positions, sorting over rounds",
    "tests/training": "locks, one decision per attempt",
    "tests/meeting": "locks, one meeting at a time",
    "tests/questions": "locks, search, who may see what",
    "tests/sampling": "draws lock, sort and count",
    "tests/screening": "locks on the queue, several people at once, bulk writes",
    "tests/studies/test_change.py": "locks",
    "tests/studies/test_handles.py": "locks, real transactions",
    "tests/studies/test_progress.py": "counted in the database",
    "tests/test_every_address.py": "the queries of every page",
}


def holds(path: str) -> bool:
    return any(path == module or path.startswith(f"{module}/") for module in MODULES)
