"""Addresses of the officers' pages."""

from django.urls import path

from xaso.modules.assessments.screens import appeals, items, rounds, unit

urlpatterns = [
    path("", rounds.index, name="index"),
    path("rounds/new/", rounds.open_round, name="open_round"),
    path("rounds/<uuid:key>/", rounds.cycle, name="round"),
    path("rounds/<uuid:key>/publish/", rounds.publish, name="publish"),
    path("rounds/<uuid:key>/lock/", rounds.lock, name="lock"),
    path("rounds/<uuid:key>/unlock/", rounds.unlock, name="unlock"),
    path("<uuid:key>/", unit.assessment, name="assessment"),
    path("<uuid:key>/general/", unit.general, name="general"),
    path("<uuid:key>/computed/", unit.take_computed, name="take_computed"),
    path("<uuid:key>/finish/", unit.finish, name="finish"),
    path("<uuid:key>/submit/", unit.submit, name="submit"),
    path("<uuid:key>/start/", unit.start, name="start"),
    path("<uuid:key>/agree/", unit.agree, name="agree"),
    path("<uuid:key>/return/", unit.give_back, name="give_back"),
    path("<uuid:key>/reviewed/", unit.finish_review, name="finish_review"),
    path("<uuid:key>/approve/", unit.approve, name="approve"),
    path("<uuid:key>/reject/", unit.reject, name="reject"),
    path("<uuid:key>/reopen/", unit.reopen, name="reopen"),
    path("<uuid:key>/appeal/", appeals.appeal, name="appeal"),
    path("<uuid:key>/answer/", appeals.answer, name="answer"),
    path("<uuid:key>/form-01/", unit.export, name="export"),
    path("items/<uuid:key>/", items.item, name="item"),
    path("proofs/<uuid:key>/remove/", items.remove_proof, name="remove_proof"),
    path("declines/<uuid:key>/undo/", items.undo_decline, name="undo_decline"),
]
