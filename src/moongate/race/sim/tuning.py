"""Every number that makes the driving feel as it does, with its unit."""

DT = 1.0 / 60.0  # s, one tick
COUNTDOWN_TICKS = 180  # ticks before GO

# Engine and brakes.
ACCELERATION = 16.0  # m/s², from standstill
ACCELERATION_FLOOR = 0.2  # share of ACCELERATION left at the cap
BRAKE = 24.0  # m/s²
REVERSE_ACCELERATION = 8.0  # m/s²
REVERSE_CAP = 7.0  # m/s
STANDSTILL = 0.5  # m/s, below which the brake reverses
COAST_DRAG = 0.35  # 1/s
ROLLING_DRAG = 1.5  # m/s²
OVERSPEED_DRAG = 9.0  # m/s², above the cap
GRAVITY = 9.81  # m/s²

# Speed caps.
CAP_BASE = 42.0  # m/s
CAP_TURN = 37.0  # m/s at full steering effort
CAP_DRIFT = 39.0  # m/s
CAP_MINI = 50.0  # m/s
CAP_NITRO = 58.0  # m/s
CAP_DOUBLE = 63.0  # m/s
CAP_PAD = 54.0  # m/s
CAP_DRAFT = 46.0  # m/s, in a slipstream
CAP_AIR = 56.0  # m/s, off the ground
CAP_OFF_ROAD = 20.0  # m/s
CAP_OFF_ROAD_NITRO = 32.0  # m/s
OFF_ROAD_DRAG = 16.0  # m/s², above CAP_OFF_ROAD

# Grip.
GRIP_LATERAL = 26.0  # m/s², the most the tyres hold
YAW_MAX = 2.4  # rad/s
YAW_PIVOT = 8.0  # m/s, below which turning fades to nothing
YAW_RESPONSE = 11.0  # 1/s
GRIP_ALIGN = 12.0  # 1/s, velocity turning towards the heading
GRIP_SLIDE = 44.0  # m/s², the fastest the tyres take sideways speed off
SLIDE_SCRUB = 0.35  # share of sideways speed that is lost, not turned forwards

# Drift.
DRIFT_MIN_SPEED = 15.0  # m/s, to begin
DRIFT_END_SPEED = 10.0  # m/s, below which it ends
DRIFT_MIN_STEER = 0.25  # share of full steering, to begin
DRIFT_YAW = 1.35  # rad/s with the steering straight
DRIFT_YAW_STEER = 1.15  # rad/s more or less at full steering
DRIFT_YAW_RESPONSE = 11.0  # 1/s
DRIFT_ALIGN = 2.1  # 1/s
DRIFT_DRAG = 5.0  # m/s² at a right angle
DRIFT_SLIP_MAX = 0.87  # sine of the widest angle
DRIFT_SLIP_END = 0.04  # sine of the angle at which counter-steering has ended it
DRIFT_GRACE_TICKS = 12.0  # ticks before that counts

# Boosts.
NITRO_CHARGE = 0.95  # bottles a second at full slip and CAP_BASE
NITRO_STOCK_MAX = 2.0  # bottles
NITRO_TICKS = 150.0  # ticks a bottle lasts
NITRO_ACCELERATION = 20.0  # m/s² on top of the engine
MINI_CHARGE = 5.0  # mini-boosts a second at full slip
MINI_MIN_TICKS = 18.0  # ticks a drift must last
MINI_WINDOW_TICKS = 32.0  # ticks after the drift
MINI_TICKS = 36.0  # ticks it lasts
MINI_ACCELERATION = 14.0  # m/s² on top of the engine
MINI_KICK = 2.5  # m/s at once

DOUBLE_TICKS = 48.0  # ticks, nitro and mini-boost fired into each other
DOUBLE_ACCELERATION = 12.0  # m/s² on top of both
START_WINDOW_TICKS = 20.0  # ticks after GO in which a mini-boost can be fired
LANDING_WINDOW_TICKS = 24.0  # ticks after a landing, likewise
LANDING_MIN_TICKS = 18.0  # ticks in the air that earn it
PAD_TICKS = 40.0  # ticks a pad pushes
PAD_ACCELERATION = 22.0  # m/s² on top of the engine
PAD_HALF = 2.5  # m from a pad's middle to its side
DRAFT_NEAR = 2.5  # m to the kart in front: closer is a push, not a slipstream
DRAFT_FAR = 16.0  # m, beyond which the air has closed
DRAFT_SIDE = 1.8  # m beside its track
DRAFT_MIN_SPEED = 25.0  # m/s
DRAFT_CHARGE = 1.25  # 1/s, towards the pull
DRAFT_FADE = 2.5  # 1/s, out of the slipstream
DRAFT_TICKS = 50.0  # ticks the pull lasts after the slipstream
DRAFT_ACCELERATION = 7.0  # m/s² on top of the engine

# Flight.
AIR_GRAVITY = 24.0  # m/s², quicker down than on Earth: a hop is a beat, not a pause
AIR_CLEAR = 0.15  # m of suspension travel before the wheels are off the ground
AIR_YAW = 1.3  # rad/s at full steering
AIR_DRAG = 1.5  # m/s²

# Bodies.
KART_RADIUS = 1.0  # m
WALL_BOUNCE = 0.25  # share of the speed into the wall that comes back
WALL_FRICTION = 0.3  # speed lost along the wall, per speed into it
WALL_SCRAPE = 7.0  # m/s², lost while touching
WALL_TURN = 0.06  # share of the heading turned along the wall, per tick of contact
WALL_DRIFT_END = 6.0  # m/s into the wall that ends a drift
CONTACT_BOUNCE = 0.4  # restitution between karts

# Grid.
GRID_FIRST = 6.0  # m from the line to the first kart
GRID_GAP = 4.0  # m between karts
GRID_SIDE = 2.4  # m from the centreline

WRONG_WAY_SPEED = 2.0  # m/s backwards that counts as the wrong way
