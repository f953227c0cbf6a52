"""Pipelines and their stages: the stage directory of the article.

Lives here: Pipeline, Stage, the four ready funnels (`ready.py`).
Doors: `Pipeline.objects.make_ready`, `pipeline.retire`, `stage.retire`, `stage.merge_into`,
`Stage.objects.reorder`.
Refusals: StageInUse, StageRetired, PipelineInUse, PipelineRetired, OtherPipeline,
MissingFields, OrderIsBroken.
"""
