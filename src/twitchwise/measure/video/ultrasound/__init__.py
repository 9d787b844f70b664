"""Films of an ultrasound screen: twitches seen as brief local movement of tissue."""

from twitchwise.measure.video.ultrasound.findings import measure_ultrasound

__all__ = ["measure_ultrasound"]
