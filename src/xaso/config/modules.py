"""The modules, lowest first. This list is the architecture: it orders installation, URLs and who may import whom."""

MODULES = [
    "notifications",
    "payments",
    "papers",
    "trust",
    "signing",
    "layouts",
    "outgoing",
    "incoming",
    "exchange",
    "workfiles",
    "procedures",
    "dossiers",
    "queueing",
    "figures",
    "indicators",
    "packs",
    "assessments",
    "targets",
    "reports",
    "overview",
]
