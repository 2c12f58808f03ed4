"""Where everything stands in the flat arrays that drivers read and write.

plan      float64[PLAN_HEADER + PLAN_WIDTH * n_samples]
styles    float64[STYLE * n_karts]
memories  float64[MEMORY * n_karts]
"""

# The plan's header and one sample.
PLAN_HEADER = 1
P_N = 0  # samples
PLAN_WIDTH = 12
P_X = 0  # m, the line's point
P_Y = 1
P_TX = 2  # unit tangent of the line
P_TY = 3
P_CURVATURE = 4  # 1/m, left positive
P_STEP = 5  # m to the next point
P_OFFSET = 6  # m from the centreline, left positive
P_LIMIT = 7  # m/s, gripping
P_DRIFT_LIMIT = 8  # m/s, drifting where P_DRIFT says so
P_DRIFT = 9  # +1, -1 in a left, right corner worth drifting through
P_ROAD_LEFT = 10  # m from the centreline
P_ROAD_RIGHT = 11

# A driver's memory.
MEMORY = 9
M_STUCK = 0  # ticks without moving
M_NOISE = 1  # steering noise now
M_PHASE_A = 2  # periods, of the wander across the road
M_PHASE_B = 3
M_MODE = 4  # MODE_*
M_MODE_LEFT = 5  # ticks
M_MODE_VALUE = 6
M_SEED = 7  # of the noise, an integer below 2**31
M_ASIDE = 8  # m off the line for the sake of others, left positive

# A driver's style.
STYLE = 6
Y_SHARE = 0  # of the speed limit
Y_TOP = 1  # m/s
Y_WANDER = 2  # m across the road
Y_NOISE = 3  # of full steering
Y_BOOST = 4  # 1: drifts, mini-boosts, fires nitro
Y_WILD = 5  # 1: now and then does something foolish

MODE_LINE = 0
MODE_OFFSET = 1  # keeps MODE_VALUE metres off the line
MODE_STEER = 2  # holds the steering, full throttle
MODE_DRIFT = 3  # holds steering and drift
MODE_NOISE = 4  # anything, every tick
MODE_CHASE = 5  # for the nearest kart
MODE_BRAKE = 6
MODE_FLAT_OUT = 7  # no brakes
