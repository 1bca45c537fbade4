"""Marks: which cells of which unit and month a change has made doubtful.

`@action` marks every watched row it acted on, in its own transaction and by inserting: nobody waits for a counter.
`core.measures` counts marked cells anew when somebody reads them.
"""
