"""The writer's commands: what each is called, what it takes, what it prints. Statuses are those of `redmexico.cli`."""

from redmexico.writers.register import COMMANDS, register

__all__ = ["COMMANDS", "register"]
