"""The API for machines: every module's `screens/api.py` router under one document."""

import importlib
from importlib.util import find_spec

from ninja import NinjaAPI

from xaso.kit.module import modules

api = NinjaAPI(title="XãSố", version="1", docs_url="/docs", openapi_url="/openapi.json", urls_namespace="api")

for module in modules():
    if find_spec(f"xaso.modules.{module.name}.screens") and find_spec(f"xaso.modules.{module.name}.screens.api"):
        api.add_router(f"/v1/{module.name}", importlib.import_module(f"xaso.modules.{module.name}.screens.api").router)
