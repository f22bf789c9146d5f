"""The HTTP interface."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, Field

from shop.pricing import Line, order_total
from shop.repository import OrderNotFound, OrderRepository

router = APIRouter(prefix="/orders")


class NewLine(BaseModel):
    """A line as a client sends it."""

    name: str = Field(min_length=1)
    unit_cents: int = Field(ge=0)
    quantity: int = Field(ge=1)


def repository() -> OrderRepository:
    raise NotImplementedError


@router.post("/", status_code=201)
async def create_order(lines: list[NewLine], orders: OrderRepository = Depends(repository)) -> dict[str, int]:
    """Create an order; 422 when it is empty."""
    parsed = [Line(line.name, line.unit_cents, line.quantity) for line in lines]
    try:
        order_id = orders.save(parsed)
    except ValueError as error:
        raise HTTPException(status_code=422, detail=str(error)) from error
    return {"id": order_id, "total": order_total(parsed)}


@router.get("/{order_id}")
async def get_order(order_id: int, loyal: bool = False, orders: OrderRepository = Depends(repository)) -> dict[str, int]:
    """Read an order's total; 404 when there is none."""
    try:
        lines = orders.load(order_id)
    except OrderNotFound as error:
        raise HTTPException(status_code=404, detail=str(error)) from error
    return {"id": order_id, "lines": len(lines), "total": order_total(lines, loyal=loyal)}
