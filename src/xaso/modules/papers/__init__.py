"""Papers: every slip, receipt and result sheet that leaves the counter.

Templates are dated content (`content/papers/<code>/<edition>/`), each printed paper keeps its number, its data,
the edition it was made with and the hash of the file, and a reprint says that it is one.
"""
