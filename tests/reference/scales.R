# References for scales: polychoric correlations, factors, omega, adequacy and the number of factors.
# Data: psych::bfi, its 25 items, complete rows (scales-bfi.csv.gz), and two sets of our own, drawn with a fixed seed.
# Refresh: Rscript scales.R
suppressPackageStartupMessages({library(psych); library(GPArotation); library(lavaan); library(semTools)})
file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(file)))
rows <- list()
version <- function(p) paste(p, packageVersion(p))
keep <- function(data, quantity, term, value, call, package)
  rows[[length(rows) + 1]] <<- data.frame(data, quantity, term, value = sprintf("%.17g", value), source = paste0(call, ", ", version(package)))

data(bfi, package = if (requireNamespace("psychTools", quietly = TRUE)) "psychTools" else "psych")
b <- na.omit(bfi[, 1:25])
con <- gzfile("scales-bfi.csv.gz", "w"); write.csv(b, con, row.names = FALSE); close(con)

# Nine items with 3, 4 or 5 categories, two correlated factors, gaps; and four with two categories, one cell empty.
set.seed(20240705)
n <- 260
f <- matrix(rnorm(2 * n), n); f[, 2] <- .5 * f[, 1] + sqrt(.75) * f[, 2]
lambda <- c(.8, .7, .75, .6, .5, .85, .7, .65, .55)
cuts <- list(c(-1, .2, 1), c(-1.5, -.5, .5, 1.2), c(-.6, .9), c(-1, .2, 1), c(-1.5, -.3, .7, 1.5), c(-.4, .6), c(-1.2, 0, 1.1), c(-1, .3), c(-1.6, -.7, .4, 1.4))
own <- as.data.frame(sapply(1:9, function(j) findInterval(lambda[j] * f[, 1 + (j > 5)] + sqrt(1 - lambda[j]^2) * rnorm(n), cuts[[j]]) + 1))
names(own) <- paste0("y", 1:9)
for (j in 1:9) own[sample(n, 4), j] <- NA
write.csv(own, "scales-own.csv", row.names = FALSE, na = "")
z <- rnorm(120)
binary <- data.frame(b1 = as.integer(z > .2), b2 = as.integer(.7 * z + .7 * rnorm(120) > 0), b3 = as.integer(.5 * z + .8 * rnorm(120) > .4))
binary$b4 <- ifelse(binary$b1 == 0, 0L, rbinom(120, 1, .6))
write.csv(binary, "scales-binary.csv", row.names = FALSE)

# --- polychoric -------------------------------------------------------------------------------------------------
# One pair once more, from the definition: the root of the likelihood's slope (lavCor stops at a relative change of 1e-10).
tight <- function(x, i, j) {
  t <- table(x[[i]], x[[j]]); n <- sum(t)
  a <- c(-Inf, qnorm(cumsum(rowSums(t)) / n)); b <- c(-Inf, qnorm(cumsum(colSums(t)) / n)); a[length(a)] <- b[length(b)] <- Inf
  over <- function(f, r) { v <- outer(a, b, function(h, k) f(h, k, r)); v[-1, -1] - v[-nrow(v), -1] - v[-1, -ncol(v)] + v[-nrow(v), -ncol(v)] }
  P <- function(h, k, r) { h <- pmax(pmin(h, 30), -30); k <- pmax(pmin(k, 30), -30); pbivnorm::pbivnorm(h, k, r) }
  D <- function(h, k, r) { d <- exp(-(h^2 - 2 * r * h * k + k^2) / 2 / (1 - r^2)) / 2 / pi / sqrt(1 - r^2); ifelse(is.finite(h) & is.finite(k), d, 0) }
  slope <- function(r) sum(t * over(D, r) / over(P, r))
  start <- lavCor(x[c(i, j)], ordered = c(i, j), se = "none")[1, 2]
  uniroot(slope, start + c(-1e-3, 1e-3), tol = 1e-15)$root
}
poly <- function(name, x, pairs, missing = "listwise", thresholds = names(x)[1:3]) {
  fit <- suppressWarnings(lavCor(x, ordered = names(x), se = "standard", output = "fit", missing = missing))
  g <- lavInspect(fit, "gamma"); n <- nrow(x)
  se <- sqrt(diag(g) / lavInspect(fit, "nobs"))
  th <- lavInspect(fit, "sampstat")$th
  R <- lavInspect(fit, "sampstat")$cov
  label <- if (missing == "listwise") name else paste(name, missing)
  call <- paste0("lavCor(ordered = …", if (missing != "listwise") ", missing = \"pairwise\"", ")")
  for (t in names(th)) if (sub("[|].*", "", t) %in% thresholds) {
    keep(label, "threshold", t, th[[t]], call, "lavaan"); keep(label, "threshold_error", t, se[[t]], "lavInspect(…, \"gamma\")", "lavaan")
  }
  for (p in pairs) {
    i <- p[1]; j <- p[2]
    if (missing == "listwise" && !(name == "binary" && identical(p, c("b1", "b4")))) keep(label, "correlation", paste(i, j), tight(as.data.frame(lapply(x[complete.cases(x), ], as.integer)), i, j), "uniroot(slope of the likelihood by pbivnorm)", "pbivnorm")
    keep(label, "correlation_lavcor", paste(i, j), R[i, j], call, "lavaan")
    k <- if (paste0(i, "~~", j) %in% names(se)) paste0(i, "~~", j) else paste0(j, "~~", i)
    keep(label, "correlation_error", paste(i, j), se[[k]], "lavInspect(…, \"gamma\")", "lavaan")
  }
  # Entries of the covariance off the diagonal: two thresholds, a threshold and a correlation, two correlations.
  at <- list(c(1, 2), c(1, nrow(g)), c(nrow(g) - 1, nrow(g)), c(2, nrow(g) - 2))
  for (a in at) keep(label, "gamma", paste(a[1], a[2]), g[a[1], a[2]], "lavInspect(…, \"gamma\")", "lavaan")
}
poly("bfi", b, list(c("A1", "A2"), c("A4", "C3"), c("N1", "N2"), c("E1", "O5"), c("C4", "C5"), c("O3", "O4")))
poly("own", own, list(c("y1", "y2"), c("y3", "y6"), c("y2", "y9"), c("y4", "y8")), thresholds = c("y2", "y3"))
poly("own", own, list(c("y1", "y2"), c("y3", "y6")), missing = "pairwise", thresholds = "y3")
poly("binary", binary, list(c("b1", "b2"), c("b2", "b3"), c("b1", "b4")), thresholds = c("b1", "b4"))
p <- polychoric(b)
for (k in list(c("A1", "A2"), c("N1", "N2"), c("E1", "O5"))) keep("bfi", "correlation_psych", paste(k[1], k[2]), p$rho[k[1], k[2]], "polychoric(x)", "psych")
h <- suppressWarnings(polychoric(binary, global = FALSE, correct = .5, smooth = FALSE))
for (k in list(c("b1", "b2"), c("b1", "b4"), c("b2", "b4"))) keep("binary", "correlation_half", paste(k[1], k[2]), h$rho[k[1], k[2]], "polychoric(x, global = FALSE, correct = .5, smooth = FALSE)", "psych")
whole <- na.omit(own)
h <- suppressWarnings(polychoric(own[complete.cases(own), ], global = FALSE, correct = .5, smooth = FALSE))
for (k in list(c("y1", "y2"), c("y2", "y9"))) keep("own", "correlation_half", paste(k[1], k[2]), h$rho[k[1], k[2]], "polychoric(x, global = FALSE, correct = .5, smooth = FALSE)", "psych")

# --- adequacy and the number of factors -------------------------------------------------------------------------
for (name in c("bfi", "own")) {
  x <- if (name == "bfi") b else whole
  R <- cor(x); k <- KMO(R); t <- cortest.bartlett(R, nrow(x))
  keep(name, "kmo", "", k$MSA, "KMO(r)", "psych")
  for (v in colnames(x)[c(1, 4, 9)]) keep(name, "kmo_item", v, k$MSAi[[v]], "KMO(r)", "psych")
  keep(name, "bartlett", "", t$chisq, "cortest.bartlett(r, n)", "psych"); keep(name, "bartlett_df", "", t$df, "cortest.bartlett(r, n)", "psych")
  m <- vss(R, n = 8, n.obs = nrow(x), plot = FALSE)$map
  for (i in 1:5) keep(name, "map", i, m[i], "vss(r)$map", "psych")
  s <- R; diag(s) <- smc(R)
  for (i in 1:6) keep(name, "axis", i, eigen(s)$values[i], "eigen(r with smc(r))", "psych")
  set.seed(1); a <- suppressMessages(suppressWarnings(fa.parallel(x, n.iter = 2000, SMC = TRUE, sim = TRUE, plot = FALSE)))
  for (i in 1:3) {
    keep(name, "parallel_component", i, a$pc.sim[i], "fa.parallel(x, n.iter = 2000, SMC = TRUE)", "psych")
    keep(name, "parallel_axis", i, a$fa.sim[i], "fa.parallel(x, n.iter = 2000, SMC = TRUE)", "psych")
  }
}

# --- factors ----------------------------------------------------------------------------------------------------
# Minres once more, with nlminb on its exact slope until nothing moves: psych stops at about four digits.
minres <- function(R, m) {
  f <- function(u) { e <- eigen(R - diag(u), symmetric = TRUE); sum(e$values[-(1:m)]^2) / 2 }
  g <- function(u) { e <- eigen(R - diag(u), symmetric = TRUE); -drop(e$vectors[, -(1:m)]^2 %*% e$values[-(1:m)]) }
  o <- nlminb(1 / diag(solve(R)), f, g, lower = .005, upper = 1, control = list(rel.tol = 1e-15, x.tol = 1e-14, abs.tol = 0, iter.max = 5000, eval.max = 5000))
  o <- optim(o$par, f, g, method = "L-BFGS-B", lower = .005, upper = 1, control = list(factr = 1, pgtol = 0, maxit = 5000))
  e <- eigen(R - diag(o$par), symmetric = TRUE)
  list(u = o$par, L = e$vectors[, 1:m] %*% diag(sqrt(e$values[1:m]), m))
}
ml <- function(R, m, n) {
  a <- factanal(covmat = R, factors = m, n.obs = n, rotation = "none", control = list(opt = list(factr = 1, pgtol = 0, maxit = 5000)))
  list(u = a$uniquenesses, L = unclass(a$loadings))
}
settle <- function(L, Phi) {
  s <- sign(colSums(L)); L <- L %*% diag(s); Phi <- diag(s) %*% Phi %*% diag(s)
  o <- order(-diag(Phi %*% t(L) %*% L)); list(L = L[, o], Phi = Phi[o, o])
}
for (name in c("bfi", "own")) {
  x <- if (name == "bfi") b else whole
  R <- cor(x); m <- if (name == "bfi") 5 else 2; n <- nrow(x)
  for (method in c("minres", "ml")) {
    raw <- if (method == "minres") minres(R, m) else ml(R, m, n)
    call <- if (method == "minres") "nlminb on the minres criterion" else "factanal(control = list(opt = list(factr = 1)))"
    for (i in c(1, 5, 8)) keep(name, paste0(method, "_uniqueness"), names(x)[i], raw$u[i], call, "stats")
    ob <- oblimin(raw$L, eps = 1e-8, maxit = 5000); ob <- settle(ob$loadings, ob$Phi)
    va <- varimax(raw$L, normalize = TRUE, eps = 1e-15); va <- settle(unclass(va$loadings), diag(m))
    bn <- oblimin(raw$L, eps = 1e-8, maxit = 5000, normalize = TRUE); bn <- settle(bn$loadings, bn$Phi)
    for (i in c(1, 5, 8)) for (j in 1:2) {
      keep(name, paste0(method, "_oblimin"), paste(names(x)[i], j), ob$L[i, j], "oblimin(L, eps = 1e-8)", "GPArotation")
      keep(name, paste0(method, "_varimax"), paste(names(x)[i], j), va$L[i, j], "varimax(L, eps = 1e-15)", "stats")
    }
    keep(name, paste0(method, "_kaiser"), paste(names(x)[1], 1), bn$L[1, 1], "oblimin(L, normalize = TRUE)", "GPArotation")
    keep(name, paste0(method, "_phi"), "1 2", ob$Phi[1, 2], "oblimin(L, eps = 1e-8)", "GPArotation")
    p <- fa(R, m, n.obs = n, fm = method, rotate = "oblimin")
    for (q in c("STATISTIC", "TLI", "rms", "BIC", "dof")) keep(name, paste0(method, "_", q), "", p[[q]], paste0("fa(fm = \"", method, "\")"), "psych")
    for (q in c("lower", "upper")) if (p$RMSEA[[q]] > 0) keep(name, paste0(method, "_", q), "", p$RMSEA[[q]], paste0("fa(fm = \"", method, "\")"), "psych")
    # psych divides by n in one place and by n - 1 in another.
    keep(name, paste0(method, "_RMSEA"), "", sqrt(max(p$STATISTIC - p$dof, 0) / (p$dof * (n - 1))), paste0("chi-square of fa(fm = \"", method, "\")"), "psych")
    for (i in c(1, 5, 8)) {
      keep(name, paste0(method, "_psych"), paste(names(x)[i], 1), p$loadings[i, 1], paste0("fa(fm = \"", method, "\")"), "psych")
      keep(name, paste0(method, "_complexity"), names(x)[i], p$complexity[[i]], paste0("fa(fm = \"", method, "\")"), "psych")
    }
  }
}
f <- fa(polychoric(b)$rho, 5, n.obs = nrow(b), rotate = "oblimin")
for (i in c(1, 5, 8)) keep("bfi", "polychoric_psych", paste(names(b)[i], 1), f$loadings[i, 1], "fa(polychoric(x)$rho)", "psych")

# --- omega --------------------------------------------------------------------------------------------------------
one <- function(label, x) {
  fit <- cfa(paste("f =~", paste(names(x), collapse = " + ")), x, std.lv = TRUE, control = list(rel.tol = 1e-12))
  keep(label, "omega", "", as.numeric(compRelSEM(fit)), "compRelSEM(cfa(…))", "semTools")
  keep(label, "omega_implied", "", as.numeric(compRelSEM(fit, obs.var = FALSE)), "compRelSEM(cfa(…), obs.var = FALSE)", "semTools")
  s <- standardizedSolution(fit); keep(label, "omega_loading", s$rhs[1], s$est.std[1], "standardizedSolution(cfa(…))", "lavaan")
  a <- suppressWarnings(alpha(x, check.keys = FALSE)); keep(label, "alpha_standardised", "", a$total$std.alpha, "alpha(x)", "psych")
}
agree <- b[, 1:5]; agree$A1 <- 7 - agree$A1
diligent <- b[, 6:10]; diligent$C4 <- 7 - diligent$C4; diligent$C5 <- 7 - diligent$C5
one("bfi A", agree); one("bfi C", diligent); one("bfi N", b[, 16:20]); one("own 1-5", whole[, 1:5])
hier <- function(label, x, m) {
  o <- suppressMessages(suppressWarnings(omega(cor(x), nfactors = m, plot = FALSE)))
  call <- paste0("omega(r, nfactors = ", m, ")")
  keep(label, "hierarchical", m, o$omega_h, call, "psych"); keep(label, "schmid_leiman", m, o$omega.tot, call, "psych"); keep(label, "common", m, o$ECV, call, "psych")
  for (i in 1:3) keep(label, "general", paste(m, colnames(x)[i]), o$schmid$sl[i, 1], call, "psych")
  # The same from the exact minres solution, rotated until nothing moves.
  R <- cor(x); raw <- minres(R, m); va <- varimax(raw$L, normalize = TRUE, eps = 1e-15); L <- unclass(va$loadings)
  ob <- oblimin(L, eps = 1e-8, maxit = 5000)
  g <- if (m == 2) c(sqrt(abs(ob$Phi[1, 2])), sign(ob$Phi[1, 2]) * sqrt(abs(ob$Phi[1, 2]))) else drop(minres(ob$Phi, 1)$L)
  gen <- drop(ob$loadings %*% g); key <- sign(gen); Vt <- sum(R * outer(key, key))
  keep(label, "hierarchical_exact", m, sum(abs(gen))^2 / Vt, "minres, varimax, oblimin, minres to rounding", "GPArotation")
  keep(label, "schmid_leiman_exact", m, (Vt - sum(1 - rowSums(L^2))) / Vt, "minres, varimax, oblimin, minres to rounding", "GPArotation")
}
hier("bfi", b, 3); hier("bfi", b, 5); hier("own", whole, 3); hier("own", whole, 2)
write.csv(do.call(rbind, rows), "scales.csv", row.names = FALSE, quote = TRUE)
