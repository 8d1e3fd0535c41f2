# For Puma: connections that are not used for a while are kept.
persistent_timeout 60
