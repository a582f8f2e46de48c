# Reference numbers for rechecks, criteria of replication, pooling, and adjusted p-values.
# Run: Rscript tests/reference/replication.R    (metafor, BayesFactor, pwr; R 4.2)
# Writes replication.csv and replication-pooling.csv beside this script.
suppressPackageStartupMessages({library(metafor); library(BayesFactor); library(pwr)})
arguments <- commandArgs(trailingOnly = FALSE)
here <- dirname(sub("^--file=", "", arguments[grep("^--file=", arguments)]))
v <- function(package) paste(package, packageVersion(package))
base <- paste("R", paste(R.version$major, R.version$minor, sep = "."))
rows <- list()
add <- function(topic, data, statistic, value, source, ...) {
  extra <- c(..., rep(NA, 8))[1:8]
  rows[[length(rows) + 1]] <<- data.frame(topic, data, statistic, value = sprintf("%.17g", value), source,
                                          matrix(ifelse(is.na(extra), "", sprintf("%.17g", extra)), 1,
                                                 dimnames = list(NULL, paste0("a", 1:8))))
}

# --- adjusted p-values
p <- c(0.0004, 0.31, 0.012, 0.049, 0.0021, 0.76, 0.012, 0.02)
for (method in c("holm", "BH", "BY")) for (i in c(1, 3, 4, 8))
  add(paste0("p.adjust-", method), "eight p-values, two of them equal", paste("adjusted p number", i, "by", method),
      p.adjust(p, method)[i], sprintf('p.adjust(p, "%s"), %s', method, base), i)

# --- tau under no association
for (case in list(c(8, 20), c(12, 45), c(20, 130), c(45, 610))) {
  n <- case[1]; T <- case[2]; pairs <- n * (n - 1) / 2
  # An order with exactly T concordant pairs: cor.test's exact p depends on nothing else. The next place takes as many
  # larger numbers behind it as are still wanted.
  x <- seq_len(n); left <- seq_len(n); y <- integer(0); wanted <- T
  while (length(left)) { k <- min(wanted, length(left) - 1); y <- c(y, left[length(left) - k])
    left <- left[-(length(left) - k)]; wanted <- wanted - k }
  test <- cor.test(x, y, method = "kendall", exact = TRUE)
  stopifnot(unname(test$statistic) == T)
  add("tau-exact", sprintf("n = %d, %d concordant pairs", n, T), "exact two-sided p of Kendall's tau", test$p.value,
      paste0('cor.test(x, y, method = "kendall", exact = TRUE), ', base), n, T)
}
set.seed(3)
for (case in list(c(2, 5, 60), c(8, 5, 90), c(2, 2, 75), c(10, 3, 120))) {
  x <- sample(case[1], case[3], TRUE); y <- sample(case[2], case[3], TRUE)
  test <- suppressWarnings(cor.test(x, y, method = "kendall", exact = FALSE))
  z <- unname(test$statistic); tau <- unname(test$estimate)
  write.csv(data.frame(x, y), file.path(here, sprintf("replication-tau-%dx%d.csv", case[1], case[2])), row.names = FALSE)
  add("tau-variance", sprintf("%d by %d values, n = %d", case[1], case[2], case[3]),
      "null variance of tau-b with ties", (tau / z)^2,
      paste0('(estimate / z)^2 of cor.test(x, y, method = "kendall", exact = FALSE), ', base), case)
}

# --- p of published statistics
for (case in list(c(2.2, 28), c(-1.3, 75), c(3.91, 12)))
  add("p-t", sprintf("t(%g) = %g", case[2], case[1]), "two-sided p", 2 * pt(-abs(case[1]), case[2]), paste0("pt(), ", base), case)
for (case in list(c(4.2, 1, 40), c(2.71, 3, 120)))
  add("p-F", sprintf("F(%g, %g) = %g", case[2], case[3], case[1]), "p", pf(case[1], case[2], case[3], lower.tail = FALSE),
      paste0("pf(), ", base), case)
add("p-chi2", "chi-square(3) = 8.1", "p", pchisq(8.1, 3, lower.tail = FALSE), paste0("pchisq(), ", base), 8.1, 3)
for (case in list(c(0.11, 356), c(0.3, 50))) {
  r <- case[1]; n <- case[2]; t <- r * sqrt((n - 2) / (1 - r^2))
  add("p-r", sprintf("r = %g, n = %d", r, n), "two-sided p", 2 * pt(-t, n - 2), paste0("pt(), ", base), case)
}

# --- pooling
dat <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
write.csv(data.frame(yi = sprintf("%.17g", dat$yi), sei = sprintf("%.17g", sqrt(dat$vi))),
          file.path(here, "replication-pooling.csv"), row.names = FALSE, quote = FALSE)
for (method in c("REML", "PM")) {
  # threshold and tol: metafor's defaults stop at 5 digits of tau2.
  fit <- rma(yi, vi, data = dat, method = method, test = "knha",
             control = list(threshold = 1e-14, tol = 1e-14, maxiter = 10000))
  ahead <- predict(fit)
  found <- c(estimate = fit$b[1], standard_error = fit$se, low = fit$ci.lb, high = fit$ci.ub, p = fit$pval, tau2 = fit$tau2,
             i2 = fit$I2 / 100, q = fit$QE, q_p = fit$QEp, prediction_low = ahead$pi.lb, prediction_high = ahead$pi.ub)
  for (name in names(found))
    add(paste0("pool-", method), "dat.bcg (13 vaccine trials, log risk ratios)", name, found[[name]],
        sprintf('rma(yi, vi, method = "%s", test = "knha"), %s', method, v("metafor")))
}
few <- rma(c(0.17, 0.05, 0.21), sei = c(0.05, 0.06, 0.045), method = "PM", test = "adhoc", control = list(tol = 1e-14))
for (name in c("b", "se", "ci.lb", "ci.ub", "tau2"))
  add("pool-adhoc", "three waves", name, as.vector(few[[name]])[1],
      paste0('rma(yi, sei = s, method = "PM", test = "adhoc"), ', v("metafor")))
alike <- rma(c(0.17, 0.165, 0.172), sei = c(0.05, 0.06, 0.045), method = "PM", test = "adhoc")
add("pool-alike", "three waves that agree", "se", alike$se, paste0('rma(…, test = "adhoc"), ', v("metafor")))
add("pool-alike", "three waves that agree", "ci.lb", alike$ci.lb, paste0('rma(…, test = "adhoc"), ', v("metafor")))

# --- prediction interval of one replication from one original: one study, both errors
o <- rma(0.21, sei = 0.05, method = "EE")
add("prediction", "original 0.21 (0.05), new error 0.07", "lower end", 0.21 - qnorm(0.975) * sqrt(0.05^2 + 0.07^2), paste0("qnorm(), ", base))
add("prediction", "original 0.21 (0.05), new error 0.07", "upper end", 0.21 + qnorm(0.975) * sqrt(0.05^2 + 0.07^2), paste0("qnorm(), ", base))

# --- small telescopes: the effect with 33 % power, both tails counted
for (n in c(14, 20, 60)) {
  # power.t.test's own root is kept to 12 digits only by asking for it.
  two <- power.t.test(n = n, power = 1/3, strict = TRUE, tol = 1e-14)$delta
  add("telescope-d", sprintf("two groups of %d", n), "d with 33% power", two,
      paste0("power.t.test(n, power = 1/3, strict = TRUE, tol = 1e-14), ", base), n)
  one <- power.t.test(n = n, power = 1/3, strict = TRUE, type = "one.sample", tol = 1e-14)$delta
  add("telescope-d1", sprintf("one sample of %d", n), "d with 33% power", one,
      paste0('power.t.test(n, power = 1/3, type = "one.sample", strict = TRUE, tol = 1e-14), ', base), n)
  r <- uniroot(function(r) pwr.r.test(n = n, r = r)$power - 1/3, c(1e-6, 0.99), tol = 1e-15)$root
  add("telescope-r", sprintf("n = %d", n), "r with 33% power", r, paste0("root of pwr.r.test(n, r)$power, ", v("pwr")), n)
}
z <- uniroot(function(d) pwr.norm.test(d = d, n = 1, alternative = "two.sided")$power - 1/3, c(1e-6, 9), tol = 1e-15)$root
add("telescope-z", "any effect with error 1", "effect with 33% power", z, paste0("root of pwr.norm.test(d, n = 1)$power, ", v("pwr")))

# --- Bayes factors
bf <- v("BayesFactor")
add("bf-t", "t = 2.2, groups of 30 and 25", "Bayes factor", exp(ttest.tstat(2.2, 30, 25)$bf), paste0("ttest.tstat(2.2, 30, 25), ", bf))
add("bf-t1", "t = 2.2, n = 40", "Bayes factor", exp(ttest.tstat(2.2, 40)$bf), paste0("ttest.tstat(2.2, 40), ", bf))
add("bf-t1wide", "t = -0.8, n = 120, wide prior", "Bayes factor", exp(ttest.tstat(-0.8, 120, rscale = "wide")$bf),
    paste0('ttest.tstat(-0.8, 120, rscale = "wide"), ', bf))
both <- extractBF(meta.ttestBF(c(2.2, 0.5), c(30, 80), c(25, 90)))$bf
add("bf-meta", "t = 2.2 and 0.5, groups of 30 and 25, 80 and 90", "Bayes factor of both", both, paste0("meta.ttestBF(c(2.2, 0.5), c(30, 80), c(25, 90)), ", bf))
add("bf-replication", "t = 2.2 (30 and 25), then 0.5 (80 and 90)", "replication Bayes factor", both / exp(ttest.tstat(2.2, 30, 25)$bf),
    paste0("meta.ttestBF(…) / ttest.tstat(…), ", bf))
both <- extractBF(meta.ttestBF(c(2.9, 3.1), c(40, 90)))$bf
add("bf-replication1", "t = 2.9 (n = 40), then 3.1 (n = 90)", "replication Bayes factor", both / exp(ttest.tstat(2.9, 40)$bf),
    paste0("meta.ttestBF(c(2.9, 3.1), c(40, 90)) / ttest.tstat(2.9, 40), ", bf))
set.seed(1)
for (case in list(c(0.3, 50, 1), c(0.3, 50, 1/3), c(0.11, 240, 1), c(-0.2, 90, 1/sqrt(3)))) {
  x <- as.vector(scale(rnorm(case[2]))); e <- as.vector(scale(residuals(lm(rnorm(case[2]) ~ x))))
  y <- case[1] * x + sqrt(1 - case[1]^2) * e
  add("bf-r", sprintf("r = %g, n = %d, scale %.3f", case[1], case[2], case[3]), "Bayes factor",
      extractBF(correlationBF(x, y, rscale = case[3]))$bf, paste0("correlationBF(x, y, rscale), ", bf), case)
}
for (case in list(c(0.17, 0.05, 0.12, 0.06), c(0.10, 0.04, -0.02, 0.05))) {
  like <- function(t) dnorm(case[3], t, case[4]) * dnorm(t, case[1], case[2])
  value <- integrate(like, case[1] - 12 * case[2], case[1] + 12 * case[2], rel.tol = 1e-13, subdivisions = 2000)$value
  add("bf-normal", sprintf("original %g (%g), new %g (%g)", case[1], case[2], case[3], case[4]), "replication Bayes factor",
      value / dnorm(case[3], 0, case[4]), paste0("integrate(dnorm(…) * dnorm(…)), ", base), case)
}
write.csv(do.call(rbind, rows), file.path(here, "replication.csv"), row.names = FALSE)
