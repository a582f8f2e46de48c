# References for inference: heteroskedasticity, groups, several coefficients, bootstrap, permutation and small tables.
# Refresh: Rscript inference.R   (writes inference-*.csv and inference.csv beside this file)
library(sandwich); library(clubSandwich)
file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(file)))
options(digits = 17)
rows <- list()
keep <- function(data, kind, quantity, term, value, source)
  rows[[length(rows) + 1]] <<- data.frame(data, kind, quantity, term, value = sprintf("%.17g", value), source)
version <- function(package) sprintf("%s %s", package, as.character(packageVersion(package)))

# --- independent rows: HC0-HC4, and HC2/HC3 with degrees of freedom (every row its own group in clubSandwich)
independent <- function(name, frame, terms) {
  write.csv(frame, paste0("inference-", name, ".csv"), row.names = FALSE)
  m <- lm(reformulate(terms, "y"), data = frame)
  for (kind in c("HC0", "HC1", "HC2", "HC3", "HC4")) {
    se <- sqrt(diag(vcovHC(m, type = kind)))
    for (term in terms) keep(name, kind, "standard_error", term, se[[term]],
                             sprintf("sandwich::vcovHC(m, type = \"%s\"), %s", kind, version("sandwich")))
  }
  for (kind in c("CR2", "CR3")) {
    t <- coef_test(m, vcovCR(m, cluster = seq_len(nrow(frame)), type = kind), test = "Satterthwaite")
    for (term in terms) keep(name, sub("CR", "HC", kind), "df", term, t[term, "df_Satt"],
                             sprintf("clubSandwich::coef_test(m, vcovCR(m, 1:n, \"%s\")), %s", kind, version("clubSandwich")))
  }
}
# --- groups: CR0-CR3 with Satterthwaite's degrees of freedom; F of two coefficients
grouped <- function(name, frame, terms, together, weights = NULL, kinds = c("CR0", "CR1S", "CR2", "CR3")) {
  write.csv(frame, paste0("inference-", name, ".csv"), row.names = FALSE)
  frame$w <- if (is.null(weights)) 1 else frame[[weights]]
  m <- if (is.null(weights)) lm(reformulate(terms, "y"), data = frame) else
    lm(reformulate(terms, "y"), data = frame, weights = w)
  for (kind in kinds) {
    V <- vcovCR(m, cluster = frame$g, type = kind)
    t <- coef_test(m, V, test = "Satterthwaite")
    call <- sprintf("clubSandwich::coef_test(m, vcovCR(m, g, \"%s\")), %s", kind, version("clubSandwich"))
    for (term in terms) {
      keep(name, kind, "standard_error", term, t[term, "SE"], call)
      if (kind %in% c("CR2", "CR3")) {
        keep(name, kind, "df", term, t[term, "df_Satt"], call)
        keep(name, kind, "p", term, t[term, "p_Satt"], call)
      }
    }
    if (kind %in% c("CR2", "CR3")) {
      w <- Wald_test(m, constrain_zero(together), V, test = "HTZ")
      call <- sprintf("clubSandwich::Wald_test(m, constrain_zero(…), vcovCR(m, g, \"%s\")), %s", kind, version("clubSandwich"))
      keep(name, kind, "F", paste(together, collapse = "+"), w$Fstat, call)
      keep(name, kind, "F_df", paste(together, collapse = "+"), w$df_denom, call)
      keep(name, kind, "F_p", paste(together, collapse = "+"), w$p_val, call)
    }
  }
}
# --- the wild cluster restricted bootstrap with every assignment of signs, written out by refitting each
wild <- function(name, frame, terms, term) {
  write.csv(frame, paste0("inference-", name, ".csv"), row.names = FALSE)
  full <- reformulate(terms, "y"); null <- reformulate(setdiff(terms, term), "y")
  statistic <- function(data) {
    m <- lm(full, data = data)
    coef(m)[[term]]^2 / vcovCR(m, cluster = data$g, type = "CR0")[term, term]
  }
  restricted <- lm(null, data = frame)
  seen <- statistic(frame)
  signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), length(unique(frame$g)))))
  group <- match(frame$g, sort(unique(frame$g)))
  stars <- apply(signs, 1, function(v) {
    data <- frame; data$y <- fitted(restricted) + v[group] * residuals(restricted); statistic(data)
  })
  keep(name, "wild bootstrap", "p", term, mean(stars >= seen * (1 - 1e-10)), "own enumeration of all signs, refitted by lm; variance CR0 of clubSandwich 0.5.8")
}
# --- permutation of two arms by Welch's statistic, all assignments; and of a regressor between groups
permuted <- function(name, frame) {
  write.csv(frame, paste0("inference-", name, ".csv"), row.names = FALSE)
  statistic <- function(y, x) t.test(y[x == 1], y[x == 0])$statistic^2
  seen <- statistic(frame$y, frame$x)
  all <- combn(nrow(frame), sum(frame$x), function(i) { x <- numeric(nrow(frame)); x[i] <- 1; statistic(frame$y, x) })
  keep(name, "permutation", "p", "x", mean(all >= seen * (1 - 1e-10)), "own enumeration of all assignments; stats::t.test, R 4.2.2")
}
between <- function(name, frame) {
  statistic <- function(x) {
    data <- frame; data$x <- x; m <- lm(y ~ x + z, data = data)
    coef(m)[["x"]]^2 / vcovCR(m, cluster = data$g, type = "CR0")["x", "x"]
  }
  write.csv(frame, paste0("inference-", name, ".csv"), row.names = FALSE)
  values <- tapply(frame$x, frame$g, `[`, 1)
  seen <- statistic(frame$x)
  all <- combn(length(values), sum(values), function(i) statistic(as.numeric(frame$g %in% names(values)[i])))
  keep(name, "group permutation", "p", "x", mean(all >= seen * (1 - 1e-10)), "own enumeration of all assignments of groups; variance CR0 of clubSandwich 0.5.8")
}
# --- small tables
pooled <- function(a, n1, b, n0) {
  z2 <- function(x1, x0) { p <- (x1 + x0) / (n1 + n0); v <- p * (1 - p) * (1 / n1 + 1 / n0); ifelse(v > 0, (x1 / n1 - x0 / n0)^2 / v, 0) }
  grid <- outer(0:n1, 0:n0, z2); extreme <- grid >= z2(a, b) * (1 - 1e-9)
  share <- function(p) sum(outer(dbinom(0:n1, n1, p), dbinom(0:n0, n0, p)) * extreme)
  ps <- seq(0, 1, length.out = 2001); best <- ps[which.max(sapply(ps, share))]
  optimise(share, c(max(0, best - 5e-4), min(1, best + 5e-4)), maximum = TRUE, tol = 1e-12)$objective
}
tables <- rbind(c(7, 12, 1, 10), c(3, 8, 9, 32), c(0, 6, 5, 9), c(10, 15, 3, 14), c(2, 20, 9, 20))
for (i in seq_len(nrow(tables))) {
  t <- tables[i, ]; name <- paste(t, collapse = " ")
  keep(name, "Fisher", "p", "", fisher.test(matrix(c(t[1], t[2] - t[1], t[3], t[4] - t[3]), 2))$p.value, "fisher.test(x), R 4.2.2")
  keep(name, "exact", "p", "", pooled(t[1], t[2], t[3], t[4]), "largest over the share, written out with dbinom, R 4.2.2")
}

data(swiss)
independent("swiss", data.frame(y = swiss$Fertility, agriculture = swiss$Agriculture, examination = swiss$Examination, catholic = swiss$Catholic),
            c("agriculture", "examination", "catholic"))
weighted <- data.frame(y = swiss$Fertility, agriculture = swiss$Agriculture, examination = swiss$Examination,
                       catholic = swiss$Catholic, pop = swiss$Education)
write.csv(weighted, "inference-swiss_weighted.csv", row.names = FALSE)
m <- lm(y ~ agriculture + examination + catholic, data = weighted, weights = pop)
for (kind in c("HC0", "HC2", "HC3")) for (term in c("agriculture", "examination", "catholic"))
  keep("swiss_weighted", kind, "standard_error", term, sqrt(vcovHC(m, type = kind)[term, term]),
       sprintf("sandwich::vcovHC(m, type = \"%s\"), %s", kind, version("sandwich")))
set.seed(8)
n <- 40; few <- as.numeric(seq_len(n) <= 8)
independent("eight", data.frame(y = rnorm(n) * (1 + 2 * few), few, score = round(rexp(n), 2)), c("few", "score"))

data(MortalityRates)
set.seed(71)
d <- subset(MortalityRates, cause == "Motor Vehicle" & year >= 1970 & !is.na(beertaxa))
d <- d[d$state %in% unique(d$state)[c(1, 4, 7, 9, 12, 20, 23, 30, 33, 41)], ]
d <- d[runif(nrow(d)) < 0.3 + 0.07 * (as.integer(factor(d$state)) %% 8), ]
grouped("mortality", data.frame(y = d$mrate, legal = d$legal, beertaxa = d$beertaxa, year = d$year - 1976, pop = d$pop / 1000, g = as.integer(factor(d$state))),
        c("legal", "beertaxa", "year"), c("legal", "beertaxa"))
grouped("mortality_weighted", data.frame(y = d$mrate, legal = d$legal, beertaxa = d$beertaxa, year = d$year - 1976, pop = d$pop / 1000, g = as.integer(factor(d$state))),
        c("legal", "beertaxa", "year"), c("legal", "beertaxa"), "pop")
set.seed(5)
g <- rep(1:6, c(2, 3, 5, 8, 12, 15)); x <- rnorm(45) + g / 4; absorbed <- as.numeric(g == 6)
grouped("absorbed", data.frame(y = round(x + g / 5 + rnorm(45), 3), x = round(x, 3), z = as.numeric(runif(45) < 0.4), absorbed, g), c("x", "z", "absorbed"), c("x", "z"),
        kinds = c("CR0", "CR1S", "CR2"))  # clubSandwich has no CR3 where a group is followed exactly
set.seed(9)
g <- rep(1:8, c(4, 5, 6, 7, 8, 9, 10, 11)); x <- rnorm(60)
wild("wild", data.frame(y = round(0.35 * x + rnorm(8)[g] * 0.5 + rnorm(60) + 0.4 * rnorm(8)[g] * x, 3), x = round(x, 3), z = round(runif(60), 3), g), c("x", "z"), "x")
set.seed(10)
g <- rep(1:6, c(3, 4, 5, 6, 7, 8))
wild("wild_six", data.frame(y = round(rnorm(6)[g] + rnorm(33), 3), x = as.numeric(runif(33) < 0.4), z = round(rnorm(33), 3), g), c("x", "z"), "z")
set.seed(11)
permuted("permuted", data.frame(y = c(sample(1:5, 7, TRUE, c(1, 2, 3, 4, 5)), sample(1:5, 6, TRUE, c(5, 4, 3, 2, 1))), x = rep(1:0, c(7, 6))))
permuted("permuted_normal", data.frame(y = round(c(rnorm(6, 1), rnorm(6, 0, 2)), 3), x = rep(1:0, each = 6)))
set.seed(12)
g <- rep(1:8, c(4, 5, 6, 7, 8, 9, 10, 11)); treated <- as.numeric(g %in% c(2, 3, 5, 8))
between("between", data.frame(y = round(0.8 * treated + rnorm(8)[g] * 0.5 + rnorm(60), 3), x = treated, z = round(rnorm(60), 3), g))
# --- a logit by group
set.seed(13)
g <- rep(1:9, c(10, 14, 18, 20, 22, 24, 26, 30, 36)); x <- round(rnorm(200), 3); z <- as.numeric(g %% 2 == 0)
logit <- data.frame(y = as.numeric(runif(200) < plogis(-0.5 + 0.6 * x + 0.3 * z + 0.5 * rnorm(9)[g])), x, z, g)
write.csv(logit, "inference-logit.csv", row.names = FALSE)
m <- glm(y ~ x + z, data = logit, family = binomial, control = glm.control(epsilon = 1e-15, maxit = 100))
for (kind in c("CR2", "CR3")) {
  t <- coef_test(m, vcovCR(m, cluster = logit$g, type = kind), test = "Satterthwaite")
  call <- sprintf("clubSandwich::coef_test(glm, vcovCR(glm, g, \"%s\")), %s", kind, version("clubSandwich"))
  for (term in c("x", "z")) {
    keep("logit", kind, "standard_error", term, t[term, "SE"], call)
    keep("logit", kind, "df", term, t[term, "df_Satt"], call)
  }
}
write.csv(do.call(rbind, rows), "inference.csv", row.names = FALSE)
