"""Pipelines and their stages: the stage directory of the article.

Lives here: Pipeline, Stage, the four ready funnels (`ready.py`).
Doors: `Pipeline.objects.make_ready`, `stage.retire`, `stage.merge_into`, `Stage.reorder`.
Refusals: StageInUse, OtherPipeline, KindIsFixed.
"""
