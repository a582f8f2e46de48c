# References for power: pwr, and the exact power of two one-sided tests by integration. Refresh: Rscript planning.R
library(pwr)
file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(file)))
rows <- list()
keep <- function(form, n, k, effect, other, alpha, value, source)
  rows[[length(rows) + 1]] <<- data.frame(form, n, k, effect, other, alpha, value = sprintf("%.17g", value), source)
pw <- paste("pwr", packageVersion("pwr"))
for (n in c(30, 60, 120, 356)) for (f2 in c(.02, .15)) {
  keep("f2", n, 6, f2, 6, .05, pwr.f2.test(u = 6, v = n - 7, f2 = f2, sig.level = .05)$power, paste0("pwr.f2.test(u = 6, v = ", n - 7, ", f2 = ", f2, "); ", pw))
  # pwr.f2.test takes lambda = f2 (u + v + 1).
  keep("f2", n, 6, f2, 1, .01, pwr.f2.test(u = 1, v = n - 7, f2 = f2, sig.level = .01)$power, paste0("pwr.f2.test(u = 1, v = ", n - 7, ", f2 = ", f2, "); ", pw))
}
for (n in c(20, 60, 240)) for (d in c(.2, .5, .8))
  keep("difference", n, n, d, 0, .05, pwr.t.test(n = n, d = d, sig.level = .05)$power, paste0("pwr.t.test(n = ", n, ", d = ", d, "); ", pw))
for (d in c(.3, .6)) keep("difference", 15, 60, d, 0, .05, pwr.t2n.test(n1 = 15, n2 = 60, d = d)$power, paste0("pwr.t2n.test(15, 60, d = ", d, "); ", pw))
for (n in c(30, 100, 356)) for (r in c(.1, .3)) keep("correlation", n, 0, r, 0, .05, pwr.r.test(n = n, r = r)$power, paste0("pwr.r.test(n = ", n, ", r = ", r, "); ", pw))
for (n in c(60, 120, 240)) {
  keep("effect f2", n, 6, 0, 1, .05, pwr.f2.test(u = 1, v = n - 7, power = .8)$f2, paste0("pwr.f2.test(u = 1, v = ", n - 7, ", power = .8); ", pw))
  keep("effect d", n, n, 0, 0, .05, pwr.t.test(n = n, power = .8)$d, paste0("pwr.t.test(n = ", n, ", power = .8); ", pw))
}
for (d in c(.2, .3, .5)) keep("n d", 0, 0, d, 0, .05, ceiling(pwr.t.test(d = d, power = .8)$n), paste0("ceiling(pwr.t.test(d = ", d, ", power = .8)$n); ", pw))
for (r in c(.1, .2)) keep("n r", 0, 0, r, 0, .05, ceiling(pwr.r.test(r = r, power = .8)$n), paste0("ceiling(pwr.r.test(r = ", r, ", power = .8)$n); ", pw))
tost <- function(n, margin, sd, away, alpha) {
  df <- n - 1; se <- sd / sqrt(n); cut <- qt(1 - alpha, df)
  g <- function(q) (pnorm(margin / se - cut * q - away / se) - pnorm(-margin / se + cut * q - away / se)) * 2 * q * df * dchisq(df * q^2, df)
  integrate(g, 0, margin / (cut * se), rel.tol = 1e-12, subdivisions = 2000)$value
}
for (n in c(150, 240, 356)) for (away in c(0, 2)) keep("equivalence", n, 0, away, 30, .05, tost(n, 5, 30, away, .05), paste0("Phillips (1990) by integrate(); R ", getRversion()))
write.csv(do.call(rbind, rows), "planning.csv", row.names = FALSE, quote = TRUE)
