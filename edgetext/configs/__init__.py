"""What a recipe may say of encoders and heads: the Configs of edgetext's own.

They stand apart from the classes that they configure, which need PyTorch, so that a recipe is
checked without it. An encoder NAME has its Config registered as `@register("encoder_config",
NAME)`, a head as `head_config`; a user's own component has it nested in its class alone.
"""
