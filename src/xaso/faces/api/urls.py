"""The API for machines: every module's `screens/api.py` router under one document."""

import importlib
from importlib.util import find_spec

from xaso.faces.api import problems
from xaso.faces.api.auth import Token
from xaso.faces.api.document import SUMMARY, Api
from xaso.kit.module import modules

api = Api(
    title="XãSố",
    version="1",
    description=SUMMARY,
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
    auth=Token(),
)
problems.install(api)

for module in modules():
    if find_spec(f"xaso.modules.{module.name}.screens") and find_spec(f"xaso.modules.{module.name}.screens.api"):
        api.add_router(f"/v1/{module.name}", importlib.import_module(f"xaso.modules.{module.name}.screens.api").router)
