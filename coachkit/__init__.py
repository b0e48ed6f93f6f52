"""coachkit: practice and evidence for the people who stand between IT and the business."""

__version__ = "0.1.0"
