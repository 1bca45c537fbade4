"""What server and loudspeaker say to each other, version 1. Plain Python, shared by server, link and `xaso speaker`.

    tt/v1/<commune>/dev/<serial>/cfg     server → device   Programme, retained
    tt/v1/<commune>/dev/<serial>/cmd     server → device   Command | Kept | ServerTime
    tt/v1/<commune>/zone/<zone>/cmd      server → devices  Command
    tt/v1/<commune>/dev/<serial>/state   device → server   Beat | Ack
    tt/v1/<commune>/dev/<serial>/log     device → server   Log (rows, sent again until Kept names them)
    tt/v1/<commune>/dev/<serial>/lwt     device → server   Presence, retained; the broker says it for a dead device

Everything is QoS 1 JSON, moments are milliseconds since 1970, and every message may arrive twice.
"""
