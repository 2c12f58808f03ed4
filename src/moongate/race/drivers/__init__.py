"""Racing line, lap time and AI drivers.

Read in this order: `box_qp` (the programme) → `line` (least curvature) → `lap_time`
(quasi-steady state) → `plan` (what a driver knows of a track) → `kernel` (what it does every tick,
compiled) → `driver` (races, laps, inputs).
"""
