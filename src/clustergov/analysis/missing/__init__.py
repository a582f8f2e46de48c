"""Missing answers: multiple imputation by chained equations, pooling, and whether both can be believed."""
