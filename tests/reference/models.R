# References for the models of drivers: tests of proportional odds, partial proportional odds, marginal effects, binomial
# and fractional logit, beta regression and mixed models. Data of R's own packages are stored beside (models-*.csv).
# Refresh: Rscript models.R
suppressMessages({library(ordinal); library(VGAM); library(MASS); library(sandwich); library(lme4); library(lmerTest)
                  library(numDeriv)})
file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(file)))
options(digits = 17, warn = 1)
version_of <- function(package) paste(package, packageVersion(package))
rows <- list()
keep <- function(part, data, quantity, term, value, call, digits = NA)
  rows[[length(rows) + 1]] <<- data.frame(part, data, quantity, term, value = sprintf("%.17g", value), call)
stored <- function(name, frame) write.csv(frame, paste0("models-", name, ".csv"), row.names = FALSE, quote = FALSE)
tight <- clm.control(gradTol = 1e-12, maxIter = 200)

## Data
smoking <- na.omit(data.frame(y = as.integer(factor(survey$Smoke, levels = c("Never", "Occas", "Regul", "Heavy"))),
                              male = as.integer(survey$Sex == "Male"), height = survey$Height))
stored("smoking", smoking)
birthwt <- with(MASS::birthwt, data.frame(low, age, lwt, smoke, ht, ui))
stored("birthwt", birthwt)
petrol <- data.frame(yield = MASS::petrol$Y / 100, batch = as.integer(MASS::petrol$No), temp = MASS::petrol$EP)
stored("petrol", petrol)
stored("sleepstudy", with(sleepstudy, data.frame(Reaction, Days, Subject)))
set.seed(20250311)
G <- 24; size <- sample(2:14, G, TRUE); g <- rep(seq_len(G), size); n <- length(g)
x <- rnorm(n, 3, 2); w <- rbinom(n, 1, .4)
slope <- rnorm(G, 0, .5)
own <- data.frame(y = 2 + .8 * x - .5 * w + rnorm(G, 0, 1.2)[g] + slope[g] * x + rnorm(n), x, w,
                  s = plogis(-1 + .3 * x + .4 * w + rnorm(G, 0, .5)[g] + rnorm(n)), group = paste0("g", g))
own$s[sample(n, 9)] <- 0; own$s[sample(n, 6)] <- 1
own$y[4] <- NA; own$x[c(11, 60)] <- NA
own <- format(own, digits = 12, trim = TRUE)
own[own == "NA"] <- NA
write.csv(own, "models-own.csv", row.names = FALSE, quote = FALSE)
own <- read.csv("models-own.csv")
housing <- read.csv("ordinal-housing.csv"); ordinal_own <- na.omit(read.csv("ordinal-own.csv"))
wine <- read.csv("ordinal-wine.csv")

## Cumulative models from their formulas, apart from any package: P(Y <= j) = F(theta_j - x b_j).
cuts_of <- function(X, theta, B) sweep(-X %*% B, 2, theta, "+")
probabilities <- function(X, theta, B, F) { C <- F(cuts_of(X, theta, B)); cbind(C, 1) - cbind(0, C) }
score_test <- function(frame, free, link) {
  F <- if (link == "logit") plogis else pnorm
  m <- clm(reformulate(setdiff(names(frame), "y"), "y"), data = transform(frame, y = ordered(y)), link = link, control = tight)
  X <- as.matrix(frame[names(m$beta)]); k <- ncol(X); cuts <- length(m$alpha); J <- cuts + 1
  unpack <- function(phi) {
    B <- matrix(phi[cuts + seq_len(k)], k, cuts)
    if (length(free)) B[free, -1] <- B[free, -1] + matrix(phi[-seq_len(cuts + k)], length(free))
    probabilities(X, phi[seq_len(cuts)], B, F)
  }
  phi <- c(m$alpha, m$beta, rep(0, length(free) * (cuts - 1)))
  P <- unpack(phi)
  D <- jacobian(function(p) as.vector(unpack(p)), phi)
  Y <- diag(J)[match(frame$y, sort(unique(frame$y))), ]
  U <- colSums(D * as.vector(Y / P))
  I <- crossprod(D / sqrt(as.vector(P)))
  drop(U %*% solve(I, U))
}
brant <- function(frame) {
  terms <- setdiff(names(frame), "y"); k <- length(terms); levels <- sort(unique(frame$y)); cuts <- length(levels) - 1
  X <- cbind(1, as.matrix(frame[terms])); fits <- lapply(levels[-1], function(level)
    glm.fit(X, as.integer(frame$y >= level), family = binomial(), control = glm.control(epsilon = 1e-15, maxit = 100)))
  P <- sapply(fits, fitted); b <- unlist(lapply(fits, function(f) f$coefficients[-1]))
  inv <- lapply(seq_len(cuts), function(j) solve(crossprod(X * (P[, j] * (1 - P[, j])), X)))
  V <- matrix(0, k * cuts, k * cuts)
  for (j in seq_len(cuts)) for (m in seq_len(cuts)) {
    weight <- P[, max(j, m)] - P[, j] * P[, m]
    V[(j - 1) * k + seq_len(k), (m - 1) * k + seq_len(k)] <- (inv[[j]] %*% crossprod(X * weight, X) %*% inv[[m]])[-1, -1]
  }
  wald <- function(which) {
    C <- do.call(rbind, lapply(2:cuts, function(j) { M <- matrix(0, length(which), k * cuts)
      M[cbind(seq_along(which), which)] <- -1; M[cbind(seq_along(which), (j - 1) * k + which)] <- 1; M }))
    drop(t(C %*% b) %*% solve(C %*% V %*% t(C), C %*% b))
  }
  c(wald(seq_len(k)), sapply(seq_len(k), wald))
}
for (name in c("housing", "own", "smoking")) {
  frame <- list(housing = housing, own = ordinal_own, smoking = smoking)[[name]]
  terms <- setdiff(names(frame), "y"); k <- length(terms); ordered_frame <- transform(frame, y = ordered(y))
  found <- brant(frame)
  keep("odds", name, "Brant", "", found[1], "Brant (1990) from glm.fit(), own formulas")
  for (i in seq_len(k)) keep("odds", name, "Brant", terms[i], found[i + 1], "Brant (1990) from glm.fit(), own formulas")
  for (link in c("logit", "probit")) {
    label <- paste("score", link)
    keep("odds", name, label, "", score_test(frame, seq_len(k), link), "score test from its formula, numDeriv::jacobian()")
    for (i in seq_len(k)) keep("odds", name, label, terms[i], score_test(frame, i, link),
                               "score test from its formula, numDeriv::jacobian()")
    if (name == "smoking") next
    formula <- reformulate(terms, "y")
    m <- clm(formula, data = ordered_frame, link = link, control = tight)
    for (term in terms) {
      freed <- clm(reformulate(setdiff(terms, term), "y"), nominal = reformulate(term), data = ordered_frame, link = link,
                   control = tight)
      keep("odds", name, paste("likelihood ratio", link), term, 2 * as.numeric(logLik(freed) - logLik(m)),
           paste("clm(nominal = ~", term, ")", version_of("ordinal")))
    }
    family <- if (link == "logit") cumulative(parallel = FALSE, reverse = TRUE, link = "logitlink")
              else cumulative(parallel = FALSE, reverse = TRUE, link = "probitlink")
    all <- vglm(formula, family, data = ordered_frame, epsilon = 1e-14, maxit = 100)
    keep("odds", name, paste("likelihood ratio", link), "", 2 * (logLik(all) - as.numeric(logLik(m))),
         paste("vglm(cumulative(parallel = FALSE))", version_of("VGAM")))
  }
}

## Partial proportional odds
for (link in c("logit", "probit")) {
  frame <- transform(ordinal_own, y = ordered(y))
  m <- clm(y ~ staff + age, nominal = ~ share + member, data = frame, link = link, control = tight)
  b <- coef(m); se <- sqrt(diag(vcov(m)))
  for (term in names(b)) {
    keep("partial", "own", paste("estimate", link), term, b[[term]], paste("clm(nominal = ~ share + member)", version_of("ordinal")))
    keep("partial", "own", paste("error", link), term, se[[term]], paste("clm(nominal = ~ share + member)", version_of("ordinal")))
  }
  keep("partial", "own", paste("log_likelihood", link), "", as.numeric(logLik(m)), paste("clm(nominal = ~ share + member)", version_of("ordinal")))
}
v <- vglm(y ~ medium + high + apartment + atrium + terrace + contact,
          cumulative(parallel = FALSE ~ atrium + contact, reverse = TRUE), data = transform(housing, y = ordered(y)),
          epsilon = 1e-14, maxit = 100)
for (term in names(coef(v))) keep("partial", "housing", "estimate logit", term, coef(v)[[term]],
                                  paste("vglm(cumulative(parallel = FALSE ~ atrium + contact))", version_of("VGAM")))
keep("partial", "housing", "log_likelihood logit", "", logLik(v), paste("vglm(cumulative(parallel = FALSE ~ atrium + contact))", version_of("VGAM")))

## Average marginal effects: means of numeric differences of the fitted probabilities, errors by a numeric Jacobian.
derivative <- function(f, x, h) (f(x - 2 * h) - 8 * f(x - h) + 8 * f(x + h) - f(x + 2 * h)) / (12 * h)
effects_of <- function(X, parameters, V, probability, term) {
  values <- sort(unique(X[, term]))
  at <- function(p, x) { Z <- X; Z[, term] <- x; probability(Z, p) }
  effect <- function(p) if (length(values) == 2) colMeans(at(p, values[2]) - at(p, values[1]))
                        else colMeans(derivative(function(x) at(p, x), X[, term], 1e-3 * diff(range(values))))
  J <- jacobian(effect, parameters)
  list(estimate = effect(parameters), error = sqrt(diag(J %*% V %*% t(J))))
}
note <- "means of numeric derivatives, numDeriv::jacobian(), at"
for (link in c("logit", "probit")) for (name in c("own", "housing")) {
  frame <- list(own = ordinal_own, housing = housing)[[name]]; terms <- setdiff(names(frame), "y")
  F <- if (link == "logit") plogis else pnorm
  m <- clm(reformulate(terms, "y"), data = transform(frame, y = ordered(y)), link = link, control = tight)
  cuts <- length(m$alpha)
  probability <- function(Z, p) probabilities(Z, p[seq_len(cuts)], matrix(p[-seq_len(cuts)], length(terms), cuts), F)
  for (term in terms) {
    found <- effects_of(as.matrix(frame[terms]), coef(m), vcov(m), probability, term)
    for (j in seq_len(cuts + 1)) {
      keep("effects", name, paste("estimate", link), paste(term, j), found$estimate[j], paste(note, "clm()", version_of("ordinal")))
      keep("effects", name, paste("error", link), paste(term, j), found$error[j], paste(note, "clm()", version_of("ordinal")))
    }
  }
  at <- frame[c(1, 50, 120), terms]
  told <- predict(m, newdata = at, se.fit = TRUE, interval = TRUE)
  for (i in 1:3) for (j in seq_len(cuts + 1)) {
    call <- paste("predict.clm(se.fit, interval)", version_of("ordinal"))
    keep("predictions", name, paste("probability", link), paste(i, j), told$fit[i, j], call)
    keep("predictions", name, paste("standard_error", link), paste(i, j), told$se.fit[i, j], call)
    keep("predictions", name, paste("low", link), paste(i, j), told$lwr[i, j], call)
    keep("predictions", name, paste("high", link), paste(i, j), told$upr[i, j], call)
  }
}

## Binomial and fractional logit
glm_rows <- function(part, data, m, V, call) for (term in names(coef(m))) {
  keep(part, data, "estimate", term, coef(m)[[term]], call)
  keep(part, data, "standard_error", term, sqrt(V[term, term]), call)
}
mean_effects <- function(part, data, m, V, call) {
  X <- model.matrix(m)
  probability <- function(Z, p) matrix(plogis(Z %*% p), ncol = 1)
  for (term in colnames(X)[-1]) {
    found <- effects_of(X, coef(m), V, probability, term)
    keep(part, data, "effect", term, found$estimate, paste(note, call)); keep(part, data, "effect_error", term, found$error, paste(note, call))
  }
}
exact <- glm.control(epsilon = 1e-15, maxit = 100)
m <- glm(low ~ ., binomial, birthwt, control = exact)
glm_rows("binomial", "birthwt", m, vcov(m), "glm(binomial)")
keep("binomial", "birthwt", "log_likelihood", "", as.numeric(logLik(m)), "glm(binomial)")
mean_effects("binomial", "birthwt", m, vcov(m), "glm(binomial)")
used <- own[!is.na(own$x), ]; used$high <- as.integer(used$s > .5)
m <- glm(high ~ x + w, binomial, used, control = exact)
V <- vcovCL(m, cluster = used$group, type = "HC1"); call <- paste("vcovCL(glm(binomial), type = 'HC1')", version_of("sandwich"))
glm_rows("binomial", "own by group", m, V, call)
m <- glm(s ~ x + w, quasibinomial, used, control = exact)
V <- vcovHC(m, type = "HC1"); call <- paste("vcovHC(glm(quasibinomial), type = 'HC1')", version_of("sandwich"))
glm_rows("fractional", "own", m, V, call); mean_effects("fractional", "own", m, V, call)
V <- vcovCL(m, cluster = used$group, type = "HC1"); call <- paste("vcovCL(glm(quasibinomial), type = 'HC1')", version_of("sandwich"))
glm_rows("fractional", "own by group", m, V, call)

## Beta regression: the likelihood as dbeta() has it, optim() and Newton's steps on numeric derivatives; errors from the
## expected information of Ferrari & Cribari-Neto (2004).
beta_rows <- function(data, X, y) {
  centre <- colMeans(X[, -1]); spread <- apply(X[, -1], 2, sd)
  Z <- cbind(1, scale(X[, -1]))
  value <- function(p) { mu <- drop(plogis(Z %*% p[-length(p)])); phi <- exp(p[length(p)])
    sum(dbeta(y, mu * phi, (1 - mu) * phi, log = TRUE)) }
  slope <- function(p) { mu <- drop(plogis(Z %*% p[-length(p)])); phi <- exp(p[length(p)])
    gap <- qlogis(y) - digamma(mu * phi) + digamma((1 - mu) * phi)
    c(phi * colSums(Z * (gap * mu * (1 - mu))),
      phi * sum(mu * gap + log(1 - y) - digamma((1 - mu) * phi) + digamma(phi))) }
  p <- optim(c(coef(lm(qlogis(y) ~ Z - 1)), 2), value, slope, method = "BFGS", control = list(fnscale = -1, maxit = 5000, reltol = 1e-15))$par
  for (i in 1:6) p <- p - solve(jacobian(slope, p), slope(p))
  k <- ncol(X); phi <- exp(p[k + 1]); mu <- drop(plogis(Z %*% p[-(k + 1)]))
  a <- trigamma(mu * phi); b <- trigamma((1 - mu) * phi); d <- mu * (1 - mu)
  K <- matrix(0, k + 1, k + 1)
  K[1:k, 1:k] <- crossprod(X * (phi^2 * d^2 * (a + b)), X)
  K[1:k, k + 1] <- K[k + 1, 1:k] <- colSums(X * (phi * d * (mu * a - (1 - mu) * b)))
  K[k + 1, k + 1] <- sum(mu^2 * a + (1 - mu)^2 * b - trigamma(phi))
  error <- sqrt(diag(solve(K)))
  estimate <- c(p[1] - sum(p[2:k] * centre / spread), p[2:k] / spread, phi)
  names(estimate) <- names(error) <- c(colnames(X), "(precision)")
  call <- "optim() of dbeta(log = TRUE), R 4.2.2"
  for (term in names(estimate)) { keep("beta", data, "estimate", term, estimate[[term]], call)
    keep("beta", data, "standard_error", term, error[[term]], call) }
  keep("beta", data, "log_likelihood", "", value(p), call)
}
petrol$batch <- factor(petrol$batch, levels = c(10, 1:9))
X <- model.matrix(~ batch + temp, petrol); beta_rows("petrol", X, petrol$yield)
inner <- used[used$s > 0 & used$s < 1, ]
beta_rows("own", model.matrix(~ x + w, inner), inner$s)

## Mixed models
mixed_rows <- function(data, formula, frame, REML, slope) {
  control <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhobeg = .01, rhoend = 1e-12, maxfun = 1e5))
  m <- suppressWarnings(lmerTest::lmer(formula, frame, REML = REML, control = control))
  # The optimum to the last digits that the deviance itself can tell.
  call <- sprintf("lmer(%s, REML = %s) lme4 %s, lmerTest %s", deparse(formula), REML, packageVersion("lme4"), packageVersion("lmerTest"))
  label <- if (REML) "REML" else "ML"
  told <- coef(summary(m))
  for (term in rownames(told)) {
    keep("mixed", data, paste("estimate", label), term, told[term, "Estimate"], call)
    keep("mixed", data, paste("standard_error", label), term, told[term, "Std. Error"], call)
    keep("mixed", data, paste("df", label), term, told[term, "df"], call)
  }
  V <- as.data.frame(VarCorr(m))
  for (i in seq_len(nrow(V))) keep("mixed", data, paste("deviation", label),
    paste(c(V$grp[i], V$var1[i], V$var2[i])[!is.na(c(V$grp[i], V$var1[i], V$var2[i]))], collapse = " "), V$sdcor[i], call)
  keep("mixed", data, paste("deviance", label), "", if (REML) REMLcrit(m) else -2 * as.numeric(logLik(m)), call)
  if (!slope) {
    f <- suppressWarnings(lme4::lmer(formula, frame, REML = REML, devFunOnly = TRUE)); theta <- getME(m, "theta"); top <- f(theta) + qchisq(.95, 1)
    ends <- c(if (f(0) < top) 0 else uniroot(function(t) f(t) - top, c(0, theta), tol = 1e-14)$root,
              uniroot(function(t) f(t) - top, c(theta, 20), tol = 1e-14)$root)
    keep("mixed", data, paste("icc", label), "", theta^2 / (1 + theta^2), call)
    keep("mixed", data, paste("icc_low", label), "", ends[1]^2 / (1 + ends[1]^2), paste("profile of devFunOnly:", call))
    keep("mixed", data, paste("icc_high", label), "", ends[2]^2 / (1 + ends[2]^2), paste("profile of devFunOnly:", call))
  }
}
own$group <- factor(own$group)
for (REML in c(TRUE, FALSE)) {
  mixed_rows("sleepstudy", Reaction ~ Days + (1 | Subject), sleepstudy, REML, FALSE)
  mixed_rows("sleepstudy slope", Reaction ~ Days + (Days | Subject), sleepstudy, REML, TRUE)
  mixed_rows("own", y ~ x + w + (1 | group), own, REML, FALSE)
  mixed_rows("own slope", y ~ x + w + (x | group), own, REML, TRUE)
}
write.csv(do.call(rbind, rows), "models.csv", row.names = FALSE)
