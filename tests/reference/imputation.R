# References for multiple imputation: mice's pooling, augmentation, draws, and what it gives on two data sets.
# Run: Rscript tests/reference/imputation.R    (R 4.2, mice 3.15, ordinal 2022.11, MASS 7.3; takes some minutes)
# Writes imputation*.csv beside this script. Data: nhanes of mice (Schafer 1997), and drawn here.
suppressPackageStartupMessages({library(mice); library(MASS); library(ordinal)})
file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(file)))
digits <- function(x) sprintf("%.17g", x)
rows <- list()
keep <- function(case, quantity, term, value)
  rows[[length(rows) + 1]] <<- data.frame(case, quantity, term, value = digits(value))
save <- function(name, d) write.csv(as.data.frame(lapply(d, function(x) if (is.double(x)) ifelse(is.na(x), NA, digits(x)) else x)),
                                    paste0("imputation-", name, ".csv"), row.names = FALSE, quote = FALSE, na = "")
write.csv(nhanes, "imputation-nhanes.csv", row.names = FALSE, quote = FALSE, na = "")

# Own data: five ordinal items of one trait, a yes/no, two numbers; answers missing at random given what is always there.
set.seed(20262)
n <- 300
trait <- rnorm(n); own <- data.frame(age = round(rnorm(n, 12, 5)), size = round(exp(rnorm(n, 3, .7)), 1))
for (j in 1:5) own[[paste0("i", j)]] <- findInterval(trait * .9 + rnorm(n) + j / 5, c(-1.4, -.4, .5, 1.6)) + 1
own$member <- rbinom(n, 1, plogis(.4 + .7 * trait - .04 * (own$age - 12)))
own$result <- findInterval(.6 * trait + .5 * own$member + .03 * own$age + rlogis(n), c(-1, 0, 1.2, 2.6)) + 1
for (name in c("i1", "i2", "i3", "i4", "i5", "member", "result"))
  own[[name]][runif(n) < plogis(-2.3 + .09 * (own$age - 12))] <- NA
own$size[runif(n) < .08] <- NA
save("own", own)

# Rubin's rules: estimates and variances of m tables, and what mice pools them to.
all_tables <- list()
pooled <- function(case, fits, data_rows, dfcom) {
  estimates <- sapply(fits, function(f) f$b); covariances <- lapply(fits, function(f) f$v)
  for (i in seq_along(fits)) for (a in rownames(estimates)) {
    all_tables[[length(all_tables) + 1]] <<- data.frame(case, table = i, term = a, estimate = digits(estimates[a, i]),
      t(sapply(rownames(estimates), function(b) digits(covariances[[i]][a, b]))) |> (\(x) { colnames(x) <- paste0("with", seq_len(ncol(x))); x })())
  }
  for (a in rownames(estimates)) {
    p <- pool.scalar(estimates[a, ], sapply(covariances, function(v) v[a, a]), n = dfcom + 1, k = 1)
    for (q in c("qbar", "ubar", "b", "t", "df", "r", "fmi")) keep(case, q, a, p[[q]])
    keep(case, "lambda", a, (1 + 1 / p$m) * p$b / p$t)
  }
  wald(case, estimates, covariances, dfcom, ""); wald(case, estimates, covariances, NULL, "-large")
}
# D1 of mice calls mitml, which Debian lacks: written out from Li, Raghunathan & Rubin (1991) and Reiter (2007).
wald <- function(case, Q, U, dfcom, suffix) {
  k <- nrow(Q); m <- ncol(Q); ubar <- Reduce(`+`, U) / m; B <- cov(t(Q)); q <- rowMeans(Q)
  r <- (1 + 1 / m) * sum(diag(B %*% solve(ubar))) / k
  F <- drop(t(q) %*% solve((1 + r) * ubar) %*% q) / k
  t <- k * (m - 1)
  if (is.null(dfcom)) v <- 4 + (t - 4) * (1 + (1 - 2 / t) / r)^2 else {
    a <- r * t / (t - 2); s <- (dfcom + 1) / (dfcom + 3) * dfcom
    c0 <- 1 / (t - 4); c1 <- s - 2 * (1 + a); c2 <- s - 4 * (1 + a)
    z <- 1 / c2 + c0 * a^2 * c1 / ((1 + a)^2 * c2) + c0 * (8 * a^2 * c1 / ((1 + a) * c2^2) + 4 * a^2 / ((1 + a) * c2)) +
      c0 * (4 * a^2 / (c2 * c1) + 16 * a^2 * c1 / c2^3) + c0 * 8 * a^2 / c2^2
    v <- 4 + 1 / z
  }
  keep(case, paste0("D1", suffix), "F", F); keep(case, paste0("D1", suffix), "df", v); keep(case, paste0("D1", suffix), "riv", r)
  keep(case, paste0("D1", suffix), "p", pf(F, k, v, lower.tail = FALSE))
}
imp <- mice(nhanes, m = 20, maxit = 5, seed = 4, printFlag = FALSE)
fits <- with(imp, lm(chl ~ age + bmi))
pooled("nhanes", lapply(fits$analyses, function(f) list(b = coef(f)[-1], v = vcov(f)[-1, -1])), 25, 22)
full <- pool(fits)$pooled  # the package's own table, as a check on pool.scalar
for (a in c("age", "bmi")) for (q in c("estimate", "ubar", "b", "t", "df", "riv", "lambda", "fmi"))
  keep("nhanes-pool", q, a, full[full$term == a, q])
dec <- mice(own, m = 10, maxit = 5, seed = 5, printFlag = FALSE)
tables <- lapply(1:10, function(i) { d <- complete(dec, i); d$scale <- rowMeans(d[, paste0("i", 1:5)]); d$result <- ordered(d$result); d })
ordinal_fit <- function(d) { f <- clm(result ~ scale + member + age, data = d, control = clm.control(gradTol = 1e-10)); list(b = f$beta, v = vcov(f)[names(f$beta), names(f$beta)]) }
pooled("own-ordinal", lapply(tables, ordinal_fit), 300, 300 - 7)
linear_fit <- function(d) { f <- lm(scale ~ size + member + age, data = d); list(b = coef(f)[-1], v = vcov(f)[-1, -1]) }
pooled("own-linear", lapply(tables, linear_fit), 300, 296)
write.csv(do.call(rbind, lapply(split(all_tables, sapply(all_tables, ncol)), function(l) { d <- do.call(rbind, l); for (w in paste0("with", 1:3)) if (is.null(d[[w]])) d[[w]] <- NA; d })),
          "imputation-tables.csv", row.names = FALSE, quote = FALSE, na = "")
chi <- c(11.2, 9.7, 14.9, 12.3, 8.8, 13.1)
r <- (1 + 1 / 6) * var(sqrt(chi)); F <- (mean(chi) / 3 - 7 / 5 * r) / (1 + r)
keep("chi-squared", "D2", "F", F); keep("chi-squared", "D2", "df", 3^(-3 / 6) * 5 * (1 + 1 / r)^2)

# Augmented models: rows as mice makes them, and the maximum that glm and clm find with them.
whole <- own[complete.cases(own), c("age", "size", "member", "result")]
save("augment", whole)
aug <- mice:::augment(whole$member, rep(TRUE, nrow(whole)), as.matrix(whole[, c("age", "size")]), c(TRUE, TRUE, rep(FALSE, nrow(whole) - 2)))
made <- as.data.frame(tail(as.matrix(aug$x), -nrow(whole))); made$place <- tail(aug$y, -nrow(whole)); made$weight <- tail(aug$w, -nrow(whole))
save("augmented", made)
g <- suppressWarnings(glm.fit(cbind(1, as.matrix(aug$x)), aug$y, weights = aug$w, family = quasibinomial(), control = glm.control(epsilon = 1e-15, maxit = 100)))
g <- suppressWarnings(glm.fit(cbind(1, as.matrix(aug$x)), aug$y, weights = aug$w, family = quasibinomial(), start = coef(g), control = glm.control(epsilon = 1e-15, maxit = 100)))
V <- chol2inv(qr.R(g$qr))
for (i in 1:3) { term <- c("constant", "age", "size")[i]; keep("augmented logit", "estimate", term, coef(g)[[i]]); keep("augmented logit", "standard_error", term, sqrt(V[i, i])) }
augo <- mice:::augment(whole$result, rep(TRUE, nrow(whole)), as.matrix(whole[, c("age", "size", "member")]), c(TRUE, TRUE, rep(FALSE, nrow(whole) - 2)))
d <- data.frame(y = ordered(augo$y), as.matrix(augo$x), w = augo$w)
o <- clm(y ~ age + size + member, weights = w, data = d, control = clm.control(gradTol = 1e-11, maxIter = 200))
for (i in 1:7) { keep("augmented ordinal", "estimate", i, coef(o)[[i]]); keep("augmented ordinal", "standard_error", i, sqrt(diag(vcov(o)))[[i]]) }

# One Bayesian draw of the linear model with given random numbers, by QR.
d <- na.omit(own[, c("result", "age", "size", "i1")]); X <- cbind(as.matrix(d[, c("age", "size", "i1")]), 1)
f <- lm.fit(X, d$result); chi2 <- 270.5; z <- c(.3, -1.1, .8, .25)
sigma <- sqrt(sum(f$residuals^2) / chi2)
star <- coef(f) + sigma * drop(backsolve(chol(crossprod(X)), diag(4)) %*% z)
save("draw", d)
keep("draw", "sigma", "", sigma); for (i in 1:4) { keep("draw", "coefficient", i, coef(f)[[i]]); keep("draw", "drawn", i, star[[i]]) }

# What imputation gives: pooled estimates over seeds, their mean and standard deviation.
over_seeds <- function(case, data, methods, formula, seeds, m, maxit, fit) {
  found <- sapply(seq_len(seeds), function(s) {
    imp <- mice(data, m = m, maxit = maxit, method = methods, seed = 100 + s, printFlag = FALSE)
    fits <- lapply(seq_len(m), function(i) fit(complete(imp, i)))
    q <- rowMeans(sapply(fits, `[[`, "b"))
    se <- sqrt(rowMeans(sapply(fits, function(f) diag(f$v))) + (1 + 1 / m) * apply(sapply(fits, `[[`, "b"), 1, var))
    c(q, setNames(se, paste0("se_", names(q))))
  })
  for (a in rownames(found)) { keep(case, "mean", a, mean(found[a, ])); keep(case, "seed_sd", a, sd(found[a, ])) }
}
nh <- function(d) { f <- lm(chl ~ age + bmi, data = d); list(b = coef(f)[-1], v = vcov(f)[-1, -1]) }
over_seeds("nhanes pmm", nhanes, "pmm", NULL, 12, 50, 10, nh)
over_seeds("nhanes norm", nhanes, "norm", NULL, 12, 50, 10, nh)
scaled <- function(fit) function(d) {
  d[] <- lapply(d, function(x) as.numeric(as.character(x)))
  d$scale <- rowMeans(d[, paste0("i", 1:5)]); d$result <- ordered(d$result); fit(d)
}
over_seeds("own pmm", own, "pmm", NULL, 8, 20, 5, scaled(ordinal_fit))
classes <- own; for (name in c(paste0("i", 1:5), "result")) classes[[name]] <- ordered(classes[[name]]); classes$member <- factor(classes$member)
kinds <- make.method(classes); kinds[c(paste0("i", 1:5), "result")] <- "polr"; kinds["member"] <- "logreg"; kinds["size"] <- "pmm"
over_seeds("own categories", classes, kinds, NULL, 4, 10, 5, scaled(ordinal_fit))
write.csv(do.call(rbind, rows), "imputation.csv", row.names = FALSE, quote = FALSE)
