"""What the small codebook says of answers that contradict each other, to be put behind it."""

CONSISTENCY = """
consistency:
- key: marked_but_no
  level: message
  kind: soft
  when: {contains_pii: ['no']}
  fragments: some
  text: {nl: 'Gemarkeerd, en toch nee.', en: 'Marked, and yet no.'}
- key: bsn_solved
  level: conversation
  kind: hard
  when: {info_type: [bsn], solved: [fully]}
  text: {nl: Met een bsn is niets opgelost., en: Nothing is solved with a BSN.}
"""
