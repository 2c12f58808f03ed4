"""Where everything stands in the flat arrays of the simulation.

state   float64[HEADER + KART_STRIDE * n_karts]
track   float64[TRACK_HEADER + SAMPLE_STRIDE * n_samples]
inputs  int32[INPUT_STRIDE * n_karts]

The plane is x east, y north, in metres; headings turn counter-clockwise (left is positive).
"""

# State header.
HEADER = 8
H_TICK = 0  # ticks simulated, from the countdown's first
H_PHASE = 1  # PHASE_*
H_KARTS = 2  # karts in the race
H_LAPS = 3  # laps to drive
H_COUNTDOWN = 4  # ticks before GO
H_FINISHED = 5  # karts that have finished

PHASE_COUNTDOWN = 0
PHASE_RACING = 1
PHASE_FINISHED = 2

# One kart; its fields begin at HEADER + KART_STRIDE * k.
KART_STRIDE = 40
K_X = 0  # m
K_Y = 1  # m
K_VX = 2  # m/s
K_VY = 3  # m/s
K_HX = 4  # unit heading
K_HY = 5
K_YAW = 6  # rad/s, left positive
K_SEG = 7  # track sample behind the kart
K_FRAC = 8  # part of the way to the next sample, 0..1
K_LATERAL = 9  # m from the centreline, left positive
K_LAP = 10  # laps completed
K_NEXT_CP = 11  # next checkpoint to pass; 0 is the finish line
K_DRIFT = 12  # 0, +1 drifting left, -1 drifting right
K_DRIFT_TICKS = 13  # ticks in this drift
K_DRIFT_CHARGE = 14  # towards a mini-boost, 0..1
K_NITRO_GAUGE = 15  # part of the next bottle, 0..1
K_NITRO_STOCK = 16  # full bottles
K_NITRO_LEFT = 17  # ticks of nitro left
K_MINI_WINDOW = 18  # ticks left in which a mini-boost can be fired
K_MINI_LEFT = 19  # ticks of mini-boost left
K_WALL = 20  # m/s into a wall in this tick, 0 for none
K_OFF_ROAD = 21  # 1 with the kart's centre off the road
K_CONTACT = 22  # m/s of kart-to-kart impact in this tick, 0 for none
K_FINISH_TICK = 23  # ticks since GO at the finish, 0 for not yet
K_LAP_START = 24  # ticks since GO
K_LAST_LAP = 25  # ticks
K_BEST_LAP = 26  # ticks
K_BUTTONS = 27  # buttons of the tick before
K_SLIP = 28  # sine of the angle from velocity to heading, left positive
K_PROGRESS = 29  # m raced, for ranking
K_WRONG_WAY = 30  # ticks driven the wrong way
K_FINISH_FRAC = 31  # part of the finishing tick at the line, 0..1
K_H = 32  # m, height of the wheels on the scale of S_H
K_VH = 33  # m/s, upwards
K_AIR = 34  # ticks off the ground, 0 on it
K_DRAFT = 35  # towards the pull of a slipstream, 0..1
K_DRAFT_LEFT = 36  # ticks of it left
K_PAD_LEFT = 37  # ticks of a pad's push left
K_DOUBLE_LEFT = 38  # ticks of a double boost left

# Track header and one sample; sample 0 is the finish line.
TRACK_HEADER = 8
T_N = 0  # samples
T_DS = 1  # m between samples
T_LENGTH = 2  # m
T_CHECKPOINTS = 3  # checkpoints, evenly spread, the finish line among them

SAMPLE_STRIDE = 12
S_X = 0  # m
S_Y = 1  # m
S_TX = 2  # unit tangent
S_TY = 3
S_ROAD_LEFT = 4  # m from the centreline to the road's edge
S_ROAD_RIGHT = 5
S_WALL_LEFT = 6  # m from the centreline to the wall
S_WALL_RIGHT = 7
S_H = 8  # m, elevation
S_GRADE = 9  # rise per metre along the track
S_CURVATURE = 10  # 1/m, left positive
S_PAD = 11  # 0 without a boost pad, else PAD_CODE + its middle's m from the centreline

PAD_CODE = 1000.0

# One kart's input: steering -STEER_MAX (left) to STEER_MAX (right), and buttons.
INPUT_STRIDE = 2
STEER_MAX = 127
BUTTON_THROTTLE = 1
BUTTON_BRAKE = 2
BUTTON_DRIFT = 4
BUTTON_NITRO = 8
BUTTON_MINI = 16
BUTTON_RESCUE = 32
BUTTONS_ALL = 63
