# References for the numbers by which cases are chosen: stats::rstudent, hatvalues, cooks.distance, dfbetas and predict.lm,
# distances of Mahalanobis and Gower (cluster::daisy), MASS::polr with each row left out, its probability-scale residuals.
# Refresh: Rscript case_selection.R
library(MASS); library(cluster)
file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(file)))
rows <- list()
keep <- function(data, quantity, row, value)
  rows[[length(rows) + 1]] <<- data.frame(data, quantity, row, value = sprintf("%.17g", value))

linear <- function(name, frame) {
  write.csv(frame, paste0("case_selection-", name, ".csv"), row.names = FALSE)
  m <- lm(y ~ ., data = frame)
  at <- seq_len(nobs(m))
  keep(name, "deviance", at, rstudent(m)); keep(name, "leverage", at, hatvalues(m))
  keep(name, "cooks_distance", at, cooks.distance(m))
  d <- dfbetas(m)
  for (term in colnames(d)[-1]) keep(name, paste0("dfbetas_", term), at, d[, term])
  own <- suppressWarnings(predict(m, interval = "prediction", level = .9))
  keep(name, "predicted", at, own[, 1]); keep(name, "low", at, own[, 2]); keep(name, "high", at, own[, 3])
  mean <- predict(m, interval = "confidence", level = .9)
  keep(name, "mean_low", at, mean[, 2]); keep(name, "mean_high", at, mean[, 3])
  new <- as.data.frame(lapply(frame[, -1], function(x) quantile(x, c(.1, .8), na.rm = TRUE)))
  p <- predict(m, new, interval = "prediction", level = .9)
  for (i in 1:2) for (term in names(new)) keep(name, paste0("new_", term), i, new[i, term])
  keep(name, "new_low", 1:2, p[, 2]); keep(name, "new_high", 1:2, p[, 3])
  X <- as.matrix(frame[complete.cases(frame), -1])
  S <- cov(X)
  D <- outer(seq_len(nrow(X)), seq_len(nrow(X)), Vectorize(function(i, j) sqrt(mahalanobis(X[i, ], X[j, ], S))))
  G <- as.matrix(daisy(as.data.frame(X), metric = "gower"))
  for (pair in list(c(1, 2), c(3, 9), c(5, 11))) {
    keep(name, paste("mahalanobis", paste(pair, collapse = "-")), 0, D[pair[1], pair[2]])
    keep(name, paste("gower", paste(pair, collapse = "-")), 0, G[pair[1], pair[2]])
  }
}
set.seed(20261122)
n <- 60
f <- data.frame(a = rnorm(n), b = runif(n, 0, 100), c = sample(1:7, n, TRUE), d = rbinom(n, 1, .3))
f$y <- 3 + .4 * f$a + .01 * f$b - .3 * f$d + rnorm(n) * .5
f$y[7] <- 9; f$b[12] <- 400; f$b[20] <- NA; f$y[31] <- NA
linear("own", f[, c("y", "a", "b", "c", "d")])
s <- swiss; names(s) <- c("y", "agriculture", "examination", "education", "catholic", "mortality")
linear("swiss", s)

# The ordinal model: McCullagh's residual is not asked for, the one of Li and Shepherd (2012) is written out.
set.seed(20261123)
n <- 120
g <- data.frame(a = rnorm(n), b = sample(1:5, n, TRUE))
g$y <- as.integer(cut(g$a - .4 * g$b + rlogis(n), c(-Inf, -2.5, -1, .3, Inf)))
g <- g[, c("y", "a", "b")]
write.csv(g, "case_selection-ordinal.csv", row.names = FALSE)
tight <- list(reltol = 1e-15, maxit = 2000)
fit <- function(data) polr(factor(y) ~ a + b, data = data, Hess = TRUE, control = tight)
m <- fit(g)
p <- m$fitted.values
at <- seq_len(n)
below <- sapply(at, function(i) sum(p[i, seq_len(g$y[i] - 1)]))
above <- sapply(at, function(i) sum(p[i, -seq_len(g$y[i])]))
keep("ordinal", "deviance", at, below - above)
V <- vcov(m)[1:2, 1:2]
for (i in c(1:6, which.max(abs(below - above)))) {
  shift <- coef(m) - coef(polr(factor(y) ~ a + b, data = g[-i, ], start = c(coef(m), m$zeta), control = tight))
  keep("ordinal", "dfbetas_a", i, shift[1] / sqrt(V[1, 1])); keep("ordinal", "dfbetas_b", i, shift[2] / sqrt(V[2, 2]))
  keep("ordinal", "cooks_distance", i, drop(shift %*% solve(V) %*% shift) / 2)
}
q <- predict(m, data.frame(a = .5, b = 3), type = "probs")
for (j in seq_along(q)) keep("ordinal", paste0("probability_", j), 0, q[j])
write.csv(do.call(rbind, rows), "case_selection.csv", row.names = FALSE, quote = FALSE)
