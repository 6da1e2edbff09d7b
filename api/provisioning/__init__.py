"""SCIM 2.0 (RFC 7643, RFC 7644): a municipality's identity provider keeps its people and groups here."""

from api.provisioning.app import create_provisioning

__all__ = ["create_provisioning"]
