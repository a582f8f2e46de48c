# Reference numbers for raking, trimming, and means of a finite population: survey::rake, trimWeights, svymean, svyratio.
# Run: Rscript tests/reference/weighting.R    (R 4.2, survey 4.1; data: api of the survey package, and drawn here)
# Writes weighting-*.csv beside this script.
suppressPackageStartupMessages(library(survey))
file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(file)))
digits <- function(x) sprintf("%.17g", x)
data(api)
tight <- function(design, margins, targets) {
  # epsilon is a share of the sum of weights: repeat until not one weight moves by more than rounding.
  for (i in 1:60) {
    before <- weights(design)
    design <- suppressWarnings(rake(design, margins, targets, control = list(maxit = 50, epsilon = 1e-15)))
    design <- svydesign(ids = ~1, weights = weights(design), data = design$variables)
    if (max(abs(weights(design) / before - 1)) < 1e-15) break
  }
  design
}
target <- function(name, counts) data.frame(variable = name, category = names(counts), count = as.numeric(counts))
as_margin <- function(rows) { d <- data.frame(rows$category, Freq = rows$count); names(d)[1] <- rows$variable[1]; d }
save_case <- function(name, data, targets, base, cap, weights) {
  write.csv(cbind(data, base = digits(base), weight = digits(weights)), paste0("weighting-", name, ".csv"), row.names = FALSE, quote = FALSE)
  write.csv(transform(do.call(rbind, targets), count = digits(count)), paste0("weighting-", name, "-targets.csv"), row.names = FALSE, quote = FALSE)
}
run <- function(name, data, base, targets, cap = NULL) {
  margins <- lapply(targets, function(rows) as.formula(paste("~", rows$variable[1])))
  design <- svydesign(ids = ~1, weights = base, data = data)
  design <- tight(design, margins, lapply(targets, as_margin))
  if (!is.null(cap)) for (i in 1:500) {
    # strict = TRUE recurses until the parts it passes on vanish; the loop does the same without depth
    before <- weights(design)
    design <- trimWeights(design, upper = cap * mean(before), strict = FALSE)
    if (max(abs(weights(design) - before)) == 0) break
  }
  save_case(name, data, targets, base, cap, weights(design))
}
columns <- c("stype", "sch.wide", "awards")
school <- function(d) { d <- d[, columns]; names(d) <- c("stype", "wide", "awards"); d[] <- lapply(d, as.character); d }
everybody <- school(apipop)
api_targets <- lapply(names(everybody), function(v) target(v, table(everybody[[v]])))
# 1 equal base weights; 2 uneven base weights (schools drawn by type at other rates); 3 and 4 small with a cap
run("srs", school(apisrs), rep(1, nrow(apisrs)), api_targets)
run("strat", school(apistrat), apistrat$pw * (1 + seq_len(nrow(apistrat)) / 150), api_targets)
set.seed(20231)
small <- data.frame(country = sample(c("BE", "DE", "NL"), 60, TRUE, c(.2, .2, .6)),
                    sector = sample(c("energy", "food", "ict"), 60, TRUE, c(.15, .45, .4)))
small_targets <- list(target("country", c(BE = 90, DE = 170, NL = 96)), target("sector", c(energy = 140, food = 116, ict = 100)))
run("trimmed", small, rep(1, 60), small_targets, cap = 2.2)
run("uneven", small, 1 + (seq_len(60) %% 7) / 10, small_targets, cap = 2.8)

# Means and shares of a finite population
rows <- list()
keep <- function(data, quantity, value) rows[[length(rows) + 1]] <<- data.frame(data, quantity, value = digits(value))
mean_of <- function(name, design, formula, variable) {
  m <- svymean(formula, design, na.rm = TRUE)
  keep(name, "mean", coef(m)[[1]]); keep(name, "error", SE(m)[[1]]); keep(name, "df", degf(design))
  ci <- confint(m, df = degf(design), level = .9)
  keep(name, "low", ci[[1]]); keep(name, "high", ci[[2]])
}
srs <- apisrs; srs$y <- srs$meals / 100; srs$yes <- as.numeric(srs$sch.wide == "Yes"); srs$id <- paste0("s", seq_len(nrow(srs)))
strat <- apistrat; strat$y <- strat$meals / 100; strat$yes <- as.numeric(strat$sch.wide == "Yes"); strat$id <- paste0("t", seq_len(nrow(strat)))
strat$w <- strat$pw * (1 + seq_len(nrow(strat)) / 150)
write.csv(data.frame(id = srs$id, y = digits(srs$y), yes = srs$yes, hsg = srs$acs.46, young = srs$stype == "E"), "weighting-means-srs.csv", row.names = FALSE, quote = FALSE)
write.csv(data.frame(id = strat$id, y = digits(strat$y), yes = strat$yes, hsg = strat$acs.46, stratum = strat$stype, w = digits(strat$w), N = strat$fpc, young = strat$awards == "Yes"),
          "weighting-means-strat.csv", row.names = FALSE, quote = FALSE)
near <- 356  # a population of which the 200 are more than half
srs$N <- near
plain <- svydesign(ids = ~1, fpc = ~N, data = srs)
mean_of("srs", plain, ~y); mean_of("srs-yes", plain, ~yes)
mean_of("srs-domain", subset(plain, stype == "E"), ~y)
mean_of("srs-blanks", svydesign(ids = ~1, fpc = ~N, data = srs[!is.na(srs$acs.46), ]), ~acs.46)
srs$w <- strat$w; srs$one <- 1
weighted <- svydesign(ids = ~1, fpc = ~N, weights = ~w, data = srs)
mean_of("srs-weighted", weighted, ~y); mean_of("srs-weighted-yes", weighted, ~yes)
layered <- svydesign(ids = ~1, strata = ~stype, fpc = ~fpc, weights = ~w, data = strat)
mean_of("strat", layered, ~y); mean_of("strat-yes", layered, ~yes)
mean_of("strat-domain", subset(layered, awards == "Yes"), ~y)
mean_of("strat-blanks", svydesign(ids = ~1, strata = ~stype, fpc = ~fpc, weights = ~w, data = strat[!is.na(strat$acs.46), ]), ~acs.46)
unweighted <- svydesign(ids = ~1, strata = ~stype, fpc = ~fpc, data = strat)
mean_of("strat-own", unweighted, ~y)
ratio <- svyratio(~y, ~one, weighted)
keep("srs-ratio", "mean", coef(ratio)[[1]]); keep("srs-ratio", "error", SE(ratio)[[1]])
write.csv(do.call(rbind, rows), "weighting-means.csv", row.names = FALSE, quote = FALSE)

# Respondents against nonrespondents: chi-squared, Cramer's V, exact p of a 2 x 2 by all tables with these margins
tests <- list()
test <- function(name, own, others) {
  t <- cbind(own, others)
  found <- suppressWarnings(chisq.test(t, correct = FALSE))
  p <- found$p.value
  if (length(own) == 2 && min(found$expected) < 5) {
    k <- max(0, sum(own) - (own + others)[2]):min(sum(own), (own + others)[1])
    stat <- sapply(k, function(a) suppressWarnings(chisq.test(cbind(c(a, sum(own) - a), own + others - c(a, sum(own) - a)), correct = FALSE)$statistic))
    p <- sum(dhyper(k, (own + others)[1], (own + others)[2], sum(own))[stat >= found$statistic * (1 - 1e-9)])
  }
  tests[[length(tests) + 1]] <<- data.frame(name, own = paste(own, collapse = " "), others = paste(others, collapse = " "),
    chi2 = digits(found$statistic), p = digits(p), v = digits(sqrt(found$statistic / sum(t))),
    w = digits(sqrt(sum((own / sum(own) - rowSums(t) / sum(t))^2 / (rowSums(t) / sum(t))))))
}
test("large", c(60, 45, 30, 25), c(40, 60, 55, 41))
test("two", c(3, 17), c(9, 11))
test("tiny", c(1, 30), c(5, 8))
write.csv(do.call(rbind, tests), "weighting-comparison.csv", row.names = FALSE, quote = FALSE)
