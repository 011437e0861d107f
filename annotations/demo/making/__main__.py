"""`python -m annotations.demo.making`: writes the files of the corpus again."""

from annotations.demo.making.corpus import CORPUS, Corpus

for name, content in Corpus().files().items():
    (CORPUS / name).write_bytes(content)
