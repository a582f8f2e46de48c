# References for confirmatory factor models: data (factor_model-*.csv) and what lavaan and semTools print of them.
# Refresh: Rscript factor_model.R
suppressMessages({library(lavaan); library(semTools); library(psych)})
file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(file)))
rows <- list()
keep <- function(data, model, quantity, name, value)
  rows[[length(rows) + 1]] <<- data.frame(data, model, quantity, name, value = sprintf("%.17g", as.numeric(value)))

# Data: HolzingerSwineford1939 and PoliticalDemocracy of lavaan, bfi of psych (complete rows), and an own ordinal set of which the truth is known.
hs <- HolzingerSwineford1939[, c("school", paste0("x", 1:9))]
pd <- PoliticalDemocracy
b <- bfi[complete.cases(bfi[, 1:25]), 1:26]
set.seed(20261122)
n <- 600
f <- MASS::mvrnorm(n, c(0, 0), matrix(c(1, .5, .5, 1), 2))
e <- MASS::mvrnorm(n, rep(0, 8), {S <- diag(8); S[1, 2] <- S[2, 1] <- .3; S})
l <- c(.8, .7, .6, .75, .65, .7, .8, .6)
g <- rep(c("nl", "en"), length.out = n)
star <- cbind(f[, 1] %o% l[1:4], f[, 2] %o% l[5:8]) + e %*% diag(sqrt(1 - l^2))
star[g == "en", 5] <- star[g == "en", 5] + .5
own <- as.data.frame(apply(star, 2, function(s) findInterval(s, c(-1, 0, .9)) + 1L))
names(own) <- paste0("u", 1:8)
own$language <- g
own$binary <- as.integer(star[, 3] > .2)
# The 25 items of bfi stand in scales-bfi.csv.gz already; here is the column that goes with them.
tables <- list(hs = hs, pd = pd, "bfi-gender" = b["gender"], own = own)
for (name in names(tables)) write.csv(tables[[name]], paste0("factor_model-", name, ".csv"), row.names = FALSE, quote = FALSE)

models <- list(
  hs = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9",
  pd = "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\ndem65 =~ y5 + y6 + y7 + y8\ny1 ~~ y5\ny2 ~~ y4 + y6\ny3 ~~ y7\ny4 ~~ y8\ny6 ~~ y8",
  pdlabels = "ind60 =~ NA*x1 + x2 + x3\nind60 ~~ 1*ind60\ndem60 =~ y1 + a*y2 + b*y3 + c*y4\ndem65 =~ y5 + a*y6 + b*y7 + c*y8\ny1 ~~ y5\nx1 ~ 5*1\ndem65 ~ dem60 + ind60\ndem60 ~ ind60",
  bfi = paste("A =~ A1 + A2 + A3 + A4 + A5", "C =~ C1 + C2 + C3 + C4 + C5", "E =~ E1 + E2 + E3 + E4 + E5",
              "N =~ N1 + N2 + N3 + N4 + N5", "O =~ O1 + O2 + O3 + O4 + O5", sep = "\n"),
  an = "A =~ A1 + A2 + A3 + A4 + A5\nN =~ N1 + N2 + N3 + N4 + N5",
  own = "f =~ u1 + u2 + u3 + u4\ng =~ u5 + u6 + u7 + u8\nu1 ~~ u2",
  second = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\nability =~ visual + textual + speed")
for (name in names(models)) writeLines(models[[name]], paste0("factor_model-", name, ".lav"))

# uniroot stops at 1e-4: the interval of RMSEA is solved again here from lavaan's own formula to 12 digits.
interval <- function(X2, df, N, G, c.hat = 1) {
  root <- function(p) if (pchisq(X2, df) < p) 0 else uniroot(function(x) pchisq(X2, df, x) - p, c(0, max(N, 4 * X2)), tol = 1e-13)$root
  sqrt(c.hat * c(root(.95), root(.05)) / (N * df)) * sqrt(G)
}
measures <- c("npar", "chisq", "df", "pvalue", "baseline.chisq", "cfi", "tli", "rmsea", "rmsea.pvalue", "srmr")
likely <- c("logl", "aic", "bic")
scaled <- c("chisq.scaled", "chisq.scaling.factor", "baseline.chisq.scaled", "cfi.scaled", "tli.scaled", "rmsea.scaled", "rmsea.pvalue.scaled")
robust <- c("cfi.robust", "tli.robust", "rmsea.robust", "rmsea.pvalue.robust")
# lavaan's optimiser stops at a gradient of about 1e-5. Newton's method on lavaan's own gradient goes on from there, and
# lavaan computes everything else at that point.
tight <- function(...) {
  first <- suppressWarnings(cfa(...))
  model <- first@Model; stats <- first@SampleStats
  pt <- parTable(first)
  x <- lavaan:::lav_model_get_parameters(model)
  K <- if (model@eq.constraints) model@eq.constraints.K else diag(length(x))
  slope <- function(x) drop(crossprod(K, lavaan:::lav_model_gradient(model, lavaan:::lav_model_x2GLIST(model, x = x), stats,
    first@Data, type = "free", group.weight = TRUE)))
  for (i in 1:30) {
    if (i < 3) H <- sapply(seq_len(ncol(K)), function(k) (slope(x + 1e-5 * K[, k]) - slope(x - 1e-5 * K[, k])) / 2e-5)
    x <- x - drop(K %*% solve(H, slope(x)))
    if (max(abs(slope(x))) < 1e-13) break
  }
  if (max(abs(slope(x))) > 1e-10) stop("no solution")
  pt$start[pt$free > 0] <- pt$ustart[pt$free > 0] <- x[pt$free[pt$free > 0]]
  pt$est <- pt$se <- NULL
  given <- list(...)
  given[[1]] <- as.data.frame(pt)
  given[c("group.equal", "std.lv")] <- NULL
  fit <- suppressWarnings(do.call(lavaan, c(given, list(optim.force.converged = TRUE, control = list(rel.tol = 1e-15)))))
  stopifnot(abs(fitMeasures(fit, "fmin") - fitMeasures(first, "fmin")) < 1e-7)
  fit
}
store <- function(data, model, fit) {
  m <- unclass(fitMeasures(fit))
  wanted <- c(measures, if ("logl" %in% names(m)) likely, if ("chisq.scaled" %in% names(m)) scaled,
              if (fit@Options$estimator == "ML" && "cfi.robust" %in% names(m)) robust)
  for (q in wanted) keep(data, model, "measure", q, m[[q]])
  G <- lavInspect(fit, "ngroups"); N <- lavInspect(fit, "ntotal")
  if (fit@Options$estimator == "DWLS") N <- N - G
  if (m[["df"]] > 0) {
    r <- interval(m[["chisq"]], m[["df"]], N, G)
    keep(data, model, "measure", "rmsea.ci.lower", r[1]); keep(data, model, "measure", "rmsea.ci.upper", r[2])
  }
  e <- parameterEstimates(fit, remove.nonfree = FALSE)
  s <- standardizedSolution(fit, se = FALSE)
  # semTools identifies its levels in another way: their estimates are others. Of bfi's 125 thresholds the second ones do.
  for (i in seq_len(nrow(e))) if (!grepl("^(language|gender)-", model) && e$op[i] %in% c("=~", "~~", "~", "~1", "|") &&
                                  !(data == "bfi" && e$op[i] == "|" && e$rhs[i] != "t2")) {
    name <- paste(e$lhs[i], e$op[i], e$rhs[i], if (G > 1) e$group[i] else 1)
    keep(data, model, "estimate", name, e$est[i]); keep(data, model, "error", name, e$se[i])
    keep(data, model, "standardized", name, s$est.std[i])
  }
  fit
}
for (est in c("ML", "MLR")) {
  store("hs", paste0("hs-", est), tight(models$hs, hs, estimator = est))
  store("pd", paste0("pd-", est), tight(models$pd, pd, estimator = est))
  store("bfi", paste0("bfi-", est), tight(models$bfi, b, estimator = est))
  store("hs", paste0("second-", est), tight(models$second, hs, estimator = est, meanstructure = TRUE))
  store("pd", paste0("pdlabels-", est), tight(models$pdlabels, pd, estimator = est))
  store("hs", paste0("lv-", est), tight(models$hs, hs, estimator = est, std.lv = TRUE))
}
ordered_fit <- function(...) tight(..., ordered = TRUE, estimator = "WLSMV")
store("bfi", "bfi-WLSMV", ordered_fit(models$bfi, b))
store("bfi", "an-theta", ordered_fit(models$an, b, parameterization = "theta"))
store("own", "own-delta", ordered_fit(models$own, own))
store("own", "own-theta", ordered_fit(models$own, own, parameterization = "theta"))
store("own", "own-lv", ordered_fit(models$own, own, std.lv = TRUE))
store("own", "binary", ordered_fit("f =~ u1 + binary + u4 + u5", own))
store("own", "groups-delta", ordered_fit(models$own, own, group = "language", group.equal = c("thresholds", "loadings")))
store("own", "groups-theta", ordered_fit(models$own, own, group = "language", group.equal = c("thresholds", "loadings"), parameterization = "theta"))

# Levels of invariance and their tests.
ladder <- list(configural = "", metric = "loadings", scalar = c("loadings", "intercepts"), strict = c("loadings", "intercepts", "residuals"))
compare <- function(data, prefix, fits) for (i in seq_along(fits)) {
  store(data, paste0(prefix, "-", names(fits)[i]), fits[[i]])
  if (i > 1) {
    d <- lavTestLRT(fits[[i - 1]], fits[[i]])
    keep(data, paste0(prefix, "-", names(fits)[i]), "difference", "chisq", d[2, "Chisq diff"])
    keep(data, paste0(prefix, "-", names(fits)[i]), "difference", "df", d[2, "Df diff"])
    keep(data, paste0(prefix, "-", names(fits)[i]), "difference", "p", d[2, "Pr(>Chisq)"])
  }
}
for (est in c("ML", "MLR")) compare("hs", paste0("school-", est), lapply(ladder, function(equal)
  tight(models$hs, hs, estimator = est, group = "school", group.equal = equal)))
ordinal <- list(configural = "", thresholds = "thresholds", metric = c("thresholds", "loadings"),
                scalar = c("thresholds", "loadings", "intercepts"), strict = c("thresholds", "loadings", "intercepts", "residuals"))
wu <- function(model, data, items, group) lapply(ordinal, function(equal) {
  # The variables are named by hand: semTools writes the syntax, lavaan fits it to the same tolerance as above.
  syntax <- as.character(measEq.syntax(model, data = data, ordered = items, group = group, parameterization = "theta",
    ID.fac = "std.lv", ID.cat = "Wu.Estabrook.2016", group.equal = equal, estimator = "WLSMV"))
  tight(syntax, data, ordered = items, group = group, parameterization = "theta", estimator = "WLSMV")
})
compare("own", "language", wu(models$own, own, paste0("u", 1:8), "language"))
compare("bfi", "gender", wu(models$an, b, c(paste0("A", 1:5), paste0("N", 1:5)), "gender"))

# Modification indices.
suggest <- function(data, model, fit) {
  m <- modindices(fit, sort. = TRUE, op = c("=~", "~~"))
  for (i in 1:6) {
    name <- paste(m$lhs[i], m$op[i], m$rhs[i])
    keep(data, model, "mi", name, m$mi[i]); keep(data, model, "epc", name, m$epc[i])
  }
}
suggest("hs", "hs-ML", tight(models$hs, hs))
suggest("own", "own-delta", ordered_fit(models$own, own))

# The marker models of Williams, Hartman and Cavazotte (2010), written out.
two <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\n"
free <- tight(paste0(two, "M =~ x7 + x8"), hs, std.lv = TRUE)
value <- function(fit, l, op, r) {e <- parameterEstimates(fit); sprintf("%.15g", e$est[e$lhs == l & e$op == op & e$rhs == r])}
apart <- paste0(two, "M =~ ", value(free, "M", "=~", "x7"), "*x7 + ", value(free, "M", "=~", "x8"), "*x8\nx7 ~~ ",
  value(free, "x7", "~~", "x7"), "*x7\nx8 ~~ ", value(free, "x8", "~~", "x8"), "*x8\nM ~~ 0*visual + 0*textual\n")
base <- tight(apart, hs, std.lv = TRUE)
common <- tight(paste0(apart, "M =~ ", paste0("k*x", 1:6, collapse = " + ")), hs, std.lv = TRUE)
unequal <- tight(paste0(apart, "M =~ ", paste0("x", 1:6, collapse = " + ")), hs, std.lv = TRUE)
held <- tight(paste0(apart, "M =~ ", paste0("k*x", 1:6, collapse = " + "), "\nvisual ~~ ", value(base, "visual", "~~", "textual"), "*textual"), hs, std.lv = TRUE)
for (name in c("free", "base", "common", "unequal", "held")) {
  m <- fitMeasures(get(name), c("chisq", "df", "cfi"))
  for (q in names(m)) keep("hs", paste0("marker-", name), "measure", q, m[[q]])
}
keep("versions", "lavaan", "", as.character(packageVersion("lavaan")), NA)
keep("versions", "semTools", "", as.character(packageVersion("semTools")), NA)
write.csv(do.call(rbind, rows), "factor_model.csv", row.names = FALSE, quote = FALSE)
