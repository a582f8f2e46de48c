# References of the multiverse: every specification one by one, and definitions spelled out.
# Rscript tests/reference/multiverse.R, in the folder tests/reference.
suppressMessages({library(sandwich); library(clubSandwich)})
options(digits = 17)
show <- function(x) formatC(x, digits = 17, format = "g")

# 1. A small grid on swiss (datasets; Mosteller & Tukey 1977), 47 French-speaking provinces, 1888:
#    2 outcomes x 3 covariates in or out, focal Education. Coefficient, HC3 error, n.
data <- swiss
data$large <- as.integer(data$Catholic > 50)
write.csv(data.frame(province = rownames(swiss), data), "multiverse-swiss.csv", row.names = FALSE)
rows <- NULL
for (y in c("Fertility", "Infant.Mortality")) for (a in 0:1) for (b in 0:1) for (c in 0:1) {
  held <- c("Agriculture", "Examination", "Catholic")[c(a, b, c) == 1]
  fit <- lm(reformulate(c("Education", held), y), data)
  error <- sqrt(diag(vcovHC(fit, type = "HC3")))["Education"]
  rows <- rbind(rows, data.frame(what = "HC3", outcome = y, held = paste(held, collapse = " "), quantity =
    c("estimate", "error", "n"), value = show(c(coef(fit)["Education"], error, nobs(fit)))))
}
# Standardised: the outcome in its standard deviations.
fit <- lm(I(Fertility / sd(Fertility)) ~ Education + Agriculture, data)
rows <- rbind(rows, data.frame(what = "standardised", outcome = "Fertility", held = "Agriculture",
  quantity = c("estimate", "error"), value = show(c(coef(fit)["Education"],
  sqrt(diag(vcovHC(fit, type = "HC3")))["Education"]))))

# 2. CR2 with Satterthwaite's degrees of freedom: airquality (datasets), groups are its five months.
air <- na.omit(airquality)
write.csv(air, "multiverse-air.csv", row.names = FALSE)
for (held in c("", "Temp", "Temp Solar.R")) {
  fit <- lm(reformulate(c("Wind", strsplit(held, " ")[[1]]), "Ozone"), air)
  test <- coef_test(fit, vcov = "CR2", cluster = air$Month, test = "Satterthwaite")["Wind", ]
  rows <- rbind(rows, data.frame(what = "CR2", outcome = "Ozone", held = held,
    quantity = c("estimate", "error", "df"), value = show(c(test$beta, test$SE, test$df_Satt))))
}
fit <- lm(Ozone ~ Wind + Temp + Solar.R, air)
test <- coef_test(fit, vcov = "CR2", cluster = seq_len(nrow(air)), test = "Satterthwaite")["Wind", ]
rows <- rbind(rows, data.frame(what = "CR2 rows", outcome = "Ozone", held = "Temp Solar.R",
  quantity = c("error", "df"), value = show(c(test$SE, test$df_Satt))))

# 3. Exact permutation (Freedman & Lane 1983) of 7 rows: all 5040 orders; two universes, joint statistics.
tiny <- data.frame(y = c(3.1, 4.0, 2.2, 5.9, 6.1, 4.4, 7.3), x = c(1, 2, 2.5, 3.7, 4.1, 5.2, 6.6),
                   z = c(2.0, 0.5, 1.1, 3.0, 0.2, 2.7, 1.9))
write.csv(tiny, "multiverse-tiny.csv", row.names = FALSE)
perms <- function(v) if (length(v) <= 1) list(v) else do.call(base::c, lapply(seq_along(v), function(i)
  lapply(perms(v[-i]), function(p) c(v[i], p))))
statistics <- function(ya, yb) {
  fits <- list(lm(ya ~ x, tiny), lm(yb ~ x + z, tiny))
  b <- sapply(fits, function(f) coef(f)["x"])
  e <- sapply(fits, function(f) sqrt(diag(vcovHC(f, type = "HC3")))["x"])
  df <- sapply(fits, df.residual)
  z <- sign(b) * -qnorm(pt(-abs(b / e), df))
  apart <- pt(-abs(b / e), df) < 0.025
  c(median = median(b), share_one_sign = max(mean(b > 0), mean(b < 0)),
    share_apart = max(mean(b > 0 & apart), mean(b < 0 & apart)), mean_z = mean(z))
}
observed <- statistics(tiny$y, tiny$y)
a <- lm(y ~ 1, tiny); b <- lm(y ~ z, tiny)
# Residuals are enlarged to the unbiased variance of the errors: (n - 1) / (n - parameters of the model without the focal one).
enlarged <- function(fit) sqrt(6 / df.residual(fit)) * resid(fit)
drawn <- sapply(perms(1:7), function(p) statistics(fitted(a) + enlarged(a)[p], fitted(b) + enlarged(b)[p]))
p <- sapply(names(observed), function(s) mean(abs(drawn[s, ]) >= abs(observed[s]) - 1e-9 * abs(observed[s])))
rows <- rbind(rows, data.frame(what = "exact", outcome = "y", held = "", quantity = c(names(observed),
  paste0("p_", names(observed))), value = show(c(observed, p))))

# 4. Shares of variance of the estimates of a 2 x 3 x 2 factorial: aov's sums of squares, interactions divided equally.
cells <- expand.grid(c = 1:2, b = 1:3, a = 1:2)
cells$estimate <- c(.31, .12, .45, .22, .09, .51, .28, .33, -.12, .17, .40, .05)
write.csv(cells, "multiverse-cells.csv", row.names = FALSE)
ss <- summary(aov(estimate ~ factor(a) * factor(b) * factor(c), cells))[[1]]
part <- setNames(ss[["Sum Sq"]] / sum(ss[["Sum Sq"]]), gsub("factor\\(|\\)| ", "", rownames(ss)))
for (fork in c("a", "b", "c")) {
  members <- strsplit(names(part), ":")
  whole <- sum(mapply(function(m, s) if (fork %in% m) s / length(m) else 0, members, part))
  rows <- rbind(rows, data.frame(what = "shares", outcome = fork, held = "", quantity = c("alone", "whole"),
    value = show(c(part[fork], whole))))
}

# 5. One factor by least squares (psych::fa, minres) and Thurstone's scores, first rows of the attitude data (Chatterjee & Price).
suppressMessages(library(psych))
write.csv(attitude, "multiverse-attitude.csv", row.names = FALSE)
R <- cor(attitude)
objective <- function(l) { r <- R - tcrossprod(l); sum(r[lower.tri(r)]^2) }
best <- optim(as.numeric(fa(attitude, 1, fm = "minres")$loadings), objective, method = "BFGS",
  gr = function(l) { r <- R - tcrossprod(l); diag(r) <- 0; -2 * as.numeric(r %*% l) }, control = list(reltol = 1e-16, maxit = 10000))
l <- best$par * sign(sum(best$par))
z <- scale(attitude) * sqrt(nrow(attitude) / (nrow(attitude) - 1))
scores <- z %*% solve(R, l)
rows <- rbind(rows, data.frame(what = "factor", outcome = "score", held = "", quantity = as.character(1:4),
  value = show(scores[1:4])))

# 6. Rubin's rules: 5 estimates and errors with 30 complete df (mice::pool.scalar).
suppressMessages(library(mice))
q <- c(.21, .35, .28, .19, .31); u <- c(.11, .12, .10, .13, .115)^2
pooled <- pool.scalar(q, u, n = 32, k = 2, rule = "rubin1987")
rows <- rbind(rows, data.frame(what = "pooled", outcome = "q", held = "", quantity = c("estimate", "error", "df"),
  value = show(c(pooled$qbar, sqrt(pooled$t), pooled$df))))

versions <- sapply(c("sandwich", "clubSandwich", "psych", "mice"), function(p) as.character(packageVersion(p)))
rows <- rbind(rows, data.frame(what = "versions", outcome = names(versions), held = "", quantity = versions, value = ""))
rows <- rbind(rows, data.frame(what = "versions", outcome = "R", held = "", quantity = as.character(getRversion()), value = ""))
write.csv(rows, "multiverse.csv", row.names = FALSE)
