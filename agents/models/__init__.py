"""Models: one protocol, many backends, with their cost, their limits and their keys looked after.

    from agents.models import Sampling, open_model

    model = open_model("gpt-4o-mini", cache="replies.sqlite", budget={"usd": 2})
    replies = await model.complete([{"role": "user", "content": "..."}], Sampling(n=4))

See docs/models.md.
"""

from agents.models.budget import Budget, Budgeted, Spent
from agents.models.cache import Cached, ReplyCache
from agents.models.chat import ChatModel, Message, Prompt, Reply, Sampling, Usage, close, closing
from agents.models.configuration import combination, configuration
from agents.models.faults import BudgetSpent, KeyRefused, ModelError, ModelFault, ModelRefused
from agents.models.presets import COMBINATIONS, Combination
from agents.models.prices import PRICES, Campaign, Price
from agents.models.registry import open_model
from agents.models.tasks import RepairTask, TestTask

__all__ = [
    "COMBINATIONS",
    "PRICES",
    "Budget",
    "BudgetSpent",
    "Budgeted",
    "Cached",
    "Campaign",
    "ChatModel",
    "Combination",
    "KeyRefused",
    "Message",
    "ModelError",
    "ModelFault",
    "ModelRefused",
    "Price",
    "Prompt",
    "RepairTask",
    "Reply",
    "ReplyCache",
    "Sampling",
    "Spent",
    "TestTask",
    "Usage",
    "close",
    "closing",
    "combination",
    "configuration",
    "open_model",
]
