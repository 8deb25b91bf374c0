"""The engine: evidence of pairs of states in, their relation month by month out, with how sure it is. Arrays only.

`model` says what goes in, `families` what an observation says, `chain` what is known now, `filtering` what could be
known then, `contributions` who said so, `learning` where the constants come from. `grid` is exact for one series with
jumps, `changes` dates its turning points, `conformal` carries it forward.
"""
