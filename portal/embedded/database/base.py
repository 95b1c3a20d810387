"""The database wrapper Django loads for `portal.embedded.database`."""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from portal.embedded.postgres import cluster_at


class DatabaseWrapper(base.DatabaseWrapper):
    """This will behave as Django's own wrapper, after making sure that the cluster of its socket runs."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """This will start the cluster if nobody did, then connect."""
        cluster_at(Path(self.settings_dict["CLUSTER"])).start()
        return super().get_new_connection(conn_params)
