# References for sweet spots: data (sweet_spot-*.csv) and what lm with sandwich, splines::ns, Fieller's formula and lme4
# say of them. Refresh: Rscript sweet_spot.R
suppressMessages({library(sandwich); library(splines); library(lme4); library(metafor); library(survey)})
file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(file)))
rows <- list()
keep <- function(data, part, quantity, value, source)
  rows[[length(rows) + 1]] <<- data.frame(data, part, quantity, value = sprintf("%.17g", value), source = source)
version <- function(name) paste(name, packageVersion(name))

optimum <- function(name, d, controls) {
  write.csv(d, paste0("sweet_spot-", name, ".csv"), row.names = FALSE)
  others <- if (length(controls)) paste("+", paste(controls, collapse = " + ")) else ""
  fit <- function(terms) lm(as.formula(paste("y ~", terms, others)), d)
  hc <- function(m) vcovHC(m, "HC3")
  t95 <- function(m) qt(.975, df.residual(m))
  sandwich_source <- sprintf("lm, vcovHC(m, \"HC3\"); %s", version("sandwich"))
  one <- fit("x"); V <- hc(one)
  keep(name, "linear", "slope", coef(one)[["x"]], sandwich_source)
  keep(name, "linear", "low", coef(one)[["x"]] - t95(one) * sqrt(V["x", "x"]), sandwich_source)
  keep(name, "linear", "p", 2 * pt(-abs(coef(one)[["x"]]) / sqrt(V["x", "x"]), df.residual(one)), sandwich_source)
  two <- fit("x + I(x^2)"); V <- hc(two); b <- coef(two); q <- "I(x^2)"
  keep(name, "quadratic", "curvature", b[[q]], sandwich_source)
  keep(name, "quadratic", "low", b[[q]] - t95(two) * sqrt(V[q, q]), sandwich_source)
  keep(name, "quadratic", "turning", -b[["x"]] / (2 * b[[q]]), sandwich_source)
  a <- b[["x"]]; c <- 2 * b[[q]]; t <- t95(two)
  A <- c^2 - t^2 * 4 * V[q, q]; B <- a * c - t^2 * 2 * V["x", q]; C <- a^2 - t^2 * V["x", "x"]
  if (A > 0) {
    ends <- (-B + c(-1, 1) * sqrt(B^2 - A * C)) / A
    keep(name, "quadratic", "fieller low", min(ends), paste("Fieller (1954) with", sandwich_source))
    keep(name, "quadratic", "fieller high", max(ends), paste("Fieller (1954) with", sandwich_source))
  }
  k <- quantile(d$x, if (nrow(d) >= 100) c(.05, .35, .65, .95) else c(.1, .5, .9))
  m <- length(k)
  s <- lm(as.formula(paste("y ~ ns(x, knots = k[2:(m - 1)], Boundary.knots = k[c(1, m)])", others)), d)
  grid <- d[rep(1, 201), ]; grid$x <- seq(min(d$x), max(d$x), length.out = 201)
  for (z in controls) grid[[z]] <- mean(d[[z]])
  f <- predict(s, grid)
  X <- model.matrix(delete.response(terms(s)), grid)
  se <- sqrt(rowSums((X %*% hc(s)) * X))
  ns_source <- sprintf("lm(y ~ ns(x, knots, Boundary.knots)), vcovHC; splines %s", getRversion())
  for (at in c(1, 51, 101, 151, 201)) keep(name, "curve", sprintf("height %d", at), f[[at]], ns_source)
  for (at in c(1, 101, 201)) keep(name, "curve", sprintf("low %d", at), f[[at]] - t95(s) * se[[at]], ns_source)
  keep(name, "curve", "top", grid$x[which.max(f)], ns_source)
  # Two lines (Simonsohn 2018) at 60, and with the break of his algorithm on the natural spline.
  lines <- function(xc) {
    out <- c()
    for (first in c(TRUE, FALSE)) {
      after <- if (first) d$x > xc else d$x >= xc
      d$low <- ifelse(after, 0, d$x - xc); d$high <- ifelse(after, d$x - xc, 0); d$jump <- as.numeric(after)
      m <- lm(as.formula(paste("y ~ low + high + jump", others)), d); term <- if (first) "low" else "high"
      V <- hc(m); est <- coef(m)[[term]]; e <- sqrt(V[term, term])
      out <- c(out, est, est - t95(m) * e, est + t95(m) * e, est / e, 2 * pt(-abs(est / e), df.residual(m)))
    }
    setNames(out, c("before", "before low", "before high", "t1", "before p", "after", "after low", "after high", "t2", "after p"))
  }
  for (where in c("preset", "found")) {
    if (where == "preset") xc <- 60 else {
      own <- d; for (z in controls) own[[z]] <- mean(d[[z]])
      h <- predict(s, own); X <- model.matrix(delete.response(terms(s)), own)
      e <- sqrt(rowSums((X %*% hc(s)) * X))
      middle <- d$x > quantile(d$x, .1) & d$x < quantile(d$x, .9)
      flat <- d$x[middle & h + e > max(h[middle])]
      r <- lines(median(flat)); z <- abs(r[c("t1", "t2")])
      xc <- quantile(flat, z[[2]] / sum(z))[[1]]
      keep(name, where, "break", xc, paste("Simonsohn (2018) on ns;", sandwich_source))
    }
    r <- lines(xc)
    for (q in setdiff(names(r), c("t1", "t2"))) keep(name, where, q, r[[q]], sandwich_source)
  }
  far <- fit("abs(x - 60)"); V <- hc(far)
  keep(name, "naive", "distance", coef(far)[[2]], sandwich_source)
  keep(name, "naive", "distance p", 2 * pt(-abs(coef(far)[[2]]) / sqrt(V[2, 2]), df.residual(far)), sandwich_source)
}

set.seed(20250301)
n <- 180; x <- round(100 * rbeta(n, 2, 3)); z <- rnorm(n); w <- rbinom(n, 1, .4)
optimum("peak", data.frame(x, z, w, y = round(-.04 * abs(x - 60) + .3 * z + rnorm(n, 0, .6 + x / 150), 3)), c("z", "w"))
optimum("line", data.frame(x, y = round(.02 * x + rnorm(n), 3))[1:80, ], character())
# Real data: prestige of occupations by the share of women in them would need carData; R's own swiss has shares.
optimum("swiss", data.frame(x = swiss$Agriculture, y = swiss$Fertility, e = swiss$Education), "e")

pool <- function(name, d) {
  write.csv(d, paste0("sweet_spot-", name, ".csv"), row.names = FALSE)
  m <- lmer(share ~ 1 + (1 | country), d, REML = TRUE,
            control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-14, maxfun = 1e5), check.conv.singular = "ignore"))
  v <- as.data.frame(VarCorr(m))
  source <- sprintf("lmer(share ~ 1 + (1 | country)); %s", version("lme4"))
  keep(name, "countries", "mean", fixef(m)[[1]], source)
  keep(name, "countries", "between", v$sdcor[1], source)
  keep(name, "countries", "within", v$sdcor[2], source)
  keep(name, "countries", "restricted log-likelihood", as.numeric(logLik(m)), source)
  pooled <- coef(m)$country
  for (g in head(rownames(pooled), 6)) keep(name, "pooled", g, pooled[g, 1], source)
  # Prediction error of the country's mean, that of the overall mean included: the inverse of the mixed model equations.
  Z <- as.matrix(t(getME(m, "Zt"))); X <- getME(m, "X"); s2 <- v$vcov[2]; t2 <- v$vcov[1]
  C <- solve(rbind(cbind(crossprod(X), crossprod(X, Z)), cbind(crossprod(Z, X), crossprod(Z) + diag(s2 / t2, ncol(Z))))) * s2
  for (at in 1:4) {
    L <- c(1, as.numeric(seq_len(ncol(Z)) == at))
    keep(name, "error", levels(getME(m, "flist")[[1]])[at], sqrt(drop(L %*% C %*% L)), paste("mixed model equations at", source))
  }
  # metafor with the same within variance: the same model of the countries' means.
  k <- c(tapply(d$share, d$country, length)); means <- tapply(d$share, d$country, mean); labels <- names(means); means <- as.numeric(means); k <- as.numeric(k)
  r <- rma(yi = means, vi = v$vcov[2] / k, tau2 = v$vcov[1], method = "REML")
  keep(name, "metafor", "mean", r$beta[[1]], sprintf("rma(means, s2 / n, tau2); %s", version("metafor")))
  keep(name, "metafor", "AT", blup(r)$pred[match("AT", labels)], sprintf("blup(rma(means, s2 / n, tau2)); %s", version("metafor")))
}
set.seed(7)
sizes <- c(AT = 12, BE = 3, DE = 25, DK = 9, ES = 17, FI = 1, FR = 14, IT = 8, NL = 6, SE = 20, PT = 2)
country <- rep(names(sizes), sizes)
u <- rnorm(length(sizes), 0, 9); names(u) <- names(sizes)
pool("countries", data.frame(country, share = round(pmin(pmax(58 + u[country] + rnorm(sum(sizes), 0, 20), 0), 100))))

d <- read.csv("sweet_spot-countries.csv"); n <- nrow(d); t <- t.test(d$share, mu = 60)
low <- t.test(d$share, mu = 55, alternative = "greater")$p.value
high <- t.test(d$share, mu = 65, alternative = "less")$p.value
keep("countries", "mean share", "mean", mean(d$share), sprintf("t.test; R %s", getRversion()))
keep("countries", "mean share", "low", t$conf.int[1], sprintf("t.test; R %s", getRversion()))
keep("countries", "mean share", "equivalence high", t.test(d$share, conf.level = .9)$conf.int[2], sprintf("t.test(conf.level = .9); R %s", getRversion()))
keep("countries", "mean share", "p", max(low, high), sprintf("two t.test(alternative); R %s", getRversion()))
design <- svydesign(~1, data = d, fpc = rep(300, n))
sv <- svymean(~share, design)
keep("countries", "mean share of 300", "low", confint(sv, df = n - 1)[1], sprintf("svymean(fpc = 300); %s", version("survey")))
keep("countries", "mean share of 300", "equivalence high", confint(sv, df = n - 1, level = .9)[2], sprintf("svymean(fpc = 300); %s", version("survey")))
write.csv(do.call(rbind, rows), "sweet_spot.csv", row.names = FALSE, quote = TRUE)
