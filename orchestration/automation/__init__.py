"""When Scout runs by itself: the job, its schedule, the landing sensor.

What belongs here: triggers. What does not: what a run does.
"""
