"""A survey on a LimeSurvey server: read `connection` first, then `deploy`, and `collector` for what comes after."""
