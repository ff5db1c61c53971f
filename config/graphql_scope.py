"""What an API key that may only log runs can ask through GraphQL: these fields, wherever they stand in a document.

It is what the client sends while it logs, with `resume` and alerts: Viewer, ServerFeaturesQuery, ServerInfo,
OrgFeatureFlags, OrganizationCoreWeaveOrganizationID, RunResumeStatus, UpsertBucket, RewindRun, CreateRunFiles,
MarkRunFilesUploaded, NotifyScriptableRunAlert. Whatever is new in the SDL is closed until it is written here.
"""

from __future__ import annotations

from typing import Any

from graphql import DocumentNode, FieldNode, GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, visit

LOGGING_FIELDS: dict[str, set[str]] = {
    "Query": {"viewer", "entity", "organization", "serverInfo", "model"},
    "Mutation": {"upsertBucket", "rewindRun", "createRunFiles", "markRunFilesUploaded", "notifyScriptableRunAlert"},
    "User": {"id", "entity", "username", "email", "flags", "teams"},
    "EntityConnection": {"edges"},
    "EntityEdge": {"node"},
    "Entity": {"id", "name", "organization"},
    "Organization": {"coreWeaveOrganizationId", "featureFlags"},
    "FeatureFlag": {"rampKey", "isEnabled"},
    "ServerInfo": {"cliVersionInfo", "latestLocalVersionInfo", "features"},
    "LocalVersionInfo": {"outOfDate", "latestVersionString", "versionOnThisInstanceString"},
    "ServerFeature": {"name", "isEnabled"},
    "Project": {"id", "name", "entity", "bucket"},
    "Run": {
        *{"id", "name", "displayName", "description", "config", "sweepName", "project", "historyLineCount"},
        # to resume from
        *{"summaryMetrics", "logLineCount", "eventsLineCount", "historyTail", "eventsTail", "tags", "notes"},
        "wandbConfig",
    },
    "UpsertBucketPayload": {"bucket", "inserted"},
    "RewindRunPayload": {"rewoundRun"},
    "CreateRunFilesPayload": {"runID", "uploadHeaders", "files"},
    "UploadTarget": {"name", "uploadUrl"},
    "SuccessPayload": {"success", "clientMutationId"},
}


def beyond_logging(schema: GraphQLSchema, document: DocumentNode) -> list[str]:
    """What a valid document asks for beyond logging, as `Type.field`; looked at before any of it is done."""
    types = TypeInfo(schema)
    asked = _AskedFields(types)
    visit(document, TypeInfoVisitor(types, asked))
    return sorted(f"{owner}.{name}" for owner, name in asked.found if name not in LOGGING_FIELDS.get(owner, ()))


class _AskedFields(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.found: set[tuple[str, str]] = set()

    def enter_field(self, node: FieldNode, *_arguments: Any) -> None:
        owner = self.types.get_parent_type()
        assert owner is not None  # of a document that was validated
        if node.name.value != "__typename":
            self.found.add((owner.name, node.name.value))
