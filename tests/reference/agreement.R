# Coefficients of agreement by irrCAC 1.4, psych and icr; writes agreement.csv and the data that they were computed on.
# Rscript agreement.R <folder of the R packages irrCAC and icr>
.libPaths(c(commandArgs(TRUE)[1], .libPaths()))
suppressMessages({library(irrCAC); library(psych)})
out <- NULL
add <- function(data, name, weights, value, se) {
  out <<- rbind(out, data.frame(data, name, weights, value = sprintf("%.15g", value), se = sprintf("%.15g", se)))
}
keep <- function(x, name) {
  x <- as.data.frame(x); names(x) <- paste0("c", seq_along(x))
  write.csv(cbind(unit = seq_len(nrow(x)), x), paste0("agreement-", name, ".csv"), row.names = FALSE, quote = FALSE, na = "")
}
raw <- function(x, name, weights = c("unweighted", "linear", "quadratic", "ordinal", "radical", "ratio", "circular", "bipolar"),
                N = Inf, suffix = "") {
  fs <- list(percent = pa.coeff.raw, conger = conger.kappa.raw, fleiss = fleiss.kappa.raw, ac = gwet.ac1.raw,
             `brennan-prediger` = bp.coeff.raw, alpha = krippen.alpha.raw)
  for (w in weights) for (f in names(fs)) {
    e <- fs[[f]](x, weights = w, N = N)$est
    add(paste0(name, suffix), f, w, e$coeff.val, e$coeff.se)
  }
}
# Krippendorff (2018), Content Analysis, 4th ed., p. 290: twelve units, four coders, missing ratings.
k <- matrix(c(1,2,3,3,2,1,4,1,2,NA,NA,NA, 1,2,3,3,2,2,4,1,2,5,NA,NA, NA,3,3,3,2,3,4,2,2,5,1,3,
              1,2,3,3,2,4,4,1,2,5,1,NA), ncol = 4)
keep(k, "krippendorff"); raw(k, "krippendorff")
raw(k, "krippendorff", "unweighted", N = 30, suffix = " of 30")
data(cac.raw4raters, package = "irrCAC"); g <- as.matrix(cac.raw4raters[, -1]); keep(g, "gwet"); raw(g, "gwet", c("unweighted", "quadratic"))
set.seed(7); n <- 60; z <- sample(1:4, n, TRUE, c(.4, .3, .2, .1))
own <- sapply(1:3, function(j) ifelse(runif(n) < .7, z, sample(1:4, n, TRUE))); own[cbind(sample(n, 12), sample(3, 12, TRUE))] <- NA
keep(own, "own"); raw(own, "own", c("unweighted", "linear", "ordinal"))
# Two coders: the table of Cohen (1960), Educational and Psychological Measurement 20, 37-46, with 200 units.
cohen <- matrix(c(88, 14, 18, 10, 40, 10, 2, 6, 12), ncol = 3)
pairs <- do.call(rbind, lapply(1:3, function(i) do.call(rbind, lapply(1:3, function(j) matrix(c(i, j), cohen[i, j], 2, byrow = TRUE)))))
keep(pairs, "cohen")
ws <- list(unweighted = identity.weights(1:3), linear = linear.weights(1:3), quadratic = quadratic.weights(1:3))
for (w in names(ws)) {
  for (f in c("kappa2", "scott2")) {
    e <- get(paste0(f, ".table"))(cohen, weights = ws[[w]])
    add("cohen", c(kappa2 = "cohen", scott2 = "scott")[[f]], w, e$coeff.val, e$coeff.se)
  }
}
p <- psych::cohen.kappa(cohen)
add("cohen", "cohen by psych", "unweighted", p$kappa, sqrt(p$var.kappa))
add("cohen", "cohen by psych", "quadratic", p$weighted.kappa, sqrt(p$var.weighted))
# Krippendorff's alpha on every scale, and his own bootstrap.
for (m in c("nominal", "ordinal", "interval", "ratio")) {
  add("krippendorff", "alpha by icr", m, icr::krippalpha(t(k), metric = m)$alpha, NA)
  set.seed(1, kind = "L'Ecuyer-CMRG")
  b <- icr::krippalpha(t(k), metric = m, bootstrap = TRUE, nboot = 200000)$bootstraps
  add("krippendorff", "pairs bootstrap: mean and sd", m, mean(b), sd(b))
}
write.csv(out, "agreement.csv", row.names = FALSE, quote = FALSE)
