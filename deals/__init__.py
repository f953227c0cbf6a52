"""Deals: the card, the list, the board and the dashboard of one funnel.

Lives here: Deal, StageHistory (temporal, DESIGN §4).
Doors: `Deal.objects.make`, `deal.move_to`, `deal.move_to_pipeline`, and those of every record
(`change`, `assign_to`, `archive`, `restore`); `deal.refresh_next_step`;
`StageHistory.objects.record_past` for an import's new deals.
Refusals: MovedElsewhere. Published: `deals/parts.html`.
"""
