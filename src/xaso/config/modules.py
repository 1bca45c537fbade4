"""The modules, lowest first. This list is the architecture: it orders installation, URLs and who may import whom."""

MODULES = [
    "notifications",
    "payments",
    "papers",
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
