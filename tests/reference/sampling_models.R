# References for models, totals, ratios and domains of a sampled population: survey::svyglm, svytotal, svyratio, svymean.
# Run: Rscript tests/reference/sampling_models.R    (R 4.2, survey 4.1; data: api of the survey package, and drawn here)
# Writes sampling_models*.csv beside this script.
suppressPackageStartupMessages(library(survey))
file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(file)))
digits <- function(x) sprintf("%.17g", x)
tight <- glm.control(epsilon = 1e-14, maxit = 100)
data(api)
rows <- list()
keep <- function(case, quantity, term, value)
  rows[[length(rows) + 1]] <<- data.frame(case, quantity, term, value = digits(value))
model <- function(case, formula, design, family = gaussian()) {
  m <- suppressWarnings(svyglm(formula, design, family = family, control = tight))
  # glm keeps the working weights of the step before its last: once more from where it ended.
  if (family$family != "gaussian") m <- suppressWarnings(do.call(svyglm, list(formula, design = design, family = family, control = tight, start = coef(m))))
  found <- summary(m)$coefficients
  for (term in rownames(found)) {
    keep(case, "estimate", term, found[term, 1]); keep(case, "standard_error", term, found[term, 2])
    keep(case, "p", term, found[term, 4])
  }
  ends <- confint(m)
  for (term in rownames(ends)) { keep(case, "low", term, ends[term, 1]); keep(case, "high", term, ends[term, 2]) }
  keep(case, "df", "", m$df.residual); keep(case, "covariance", "first two", vcov(m)[2, 3])
}
figure <- function(case, kind, found, design, name = "") {
  keep(case, paste0(kind, "_estimate"), name, coef(found)[[1]]); keep(case, paste0(kind, "_error"), name, SE(found)[[1]])
  keep(case, paste0(kind, "_df"), name, degf(design))
}
all_of <- function(case, design, families = "both") {
  model(case, api00 ~ ell + meals + mobility, design)
  model(paste0(case, "-logit"), wide ~ ell + meals + mobility, design, quasibinomial())
  figure(case, "total", svytotal(~enroll, design), design, "enroll")
  figure(case, "ratio", svyratio(~api.stu, ~enroll, design), design, "api.stu / enroll")
  part <- subset(design, awarded == 1)
  figure(case, "domain", svymean(~api00, part), part, "api00")
  figure(case, "domain_total", svytotal(~api00, part), part, "api00")
  model(paste0(case, "-domain"), api00 ~ ell + meals, part)
}
columns <- c("api00", "ell", "meals", "mobility", "enroll", "api.stu", "wide", "awarded", "stype", "dnum", "pw", "fpc")
school <- function(d) {
  d$wide <- as.numeric(d$sch.wide == "Yes"); d$awarded <- as.numeric(d$awards == "Yes")
  d <- d[, columns]; rownames(d) <- NULL; d
}
save_data <- function(name, d) write.csv(transform(d, pw = digits(pw)), paste0("sampling_models-", name, ".csv"), row.names = FALSE, quote = FALSE)
srs <- school(apisrs); strat <- school(apistrat); clus <- school(apiclus1)
save_data("srs", srs); save_data("strat", strat); save_data("clus", clus)
all_of("srs", svydesign(ids = ~1, weights = ~pw, fpc = ~fpc, data = srs))
all_of("strat", svydesign(ids = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat))
all_of("strat-endless", svydesign(ids = ~1, strata = ~stype, weights = ~pw, data = strat))
all_of("clus", svydesign(ids = ~dnum, weights = ~pw, fpc = ~fpc, data = clus))
# Own: uneven weights, small strata of a small population, one stratum with a single unit; three policies for it.
set.seed(20261)
n <- 90
own <- data.frame(region = rep(c("a", "b", "c", "d"), c(40, 30, 19, 1)), x = round(rnorm(n), 3), z = rbinom(n, 1, .4))
own$size <- c(a = 70, b = 95, c = 160, d = 12)[own$region]
own$w <- round((own$size / c(a = 40, b = 30, c = 19, d = 1)[own$region]) * runif(n, .6, 1.6), 4)
own$y <- round(2 + .5 * own$x - own$z + rnorm(n, sd = 1 + own$z), 3)
own$yes <- as.numeric(plogis(-.3 + .8 * own$x) > runif(n))
write.csv(own, "sampling_models-own.csv", row.names = FALSE, quote = FALSE)
for (policy in c("adjust", "certainty", "average")) {
  options(survey.lonely.psu = policy)
  design <- svydesign(ids = ~1, strata = ~region, weights = ~w, fpc = ~size, data = own)
  model(paste0("own-", policy), y ~ x + z, design)
  model(paste0("own-", policy, "-logit"), yes ~ x + z, design, quasibinomial())
  figure(paste0("own-", policy), "total", svytotal(~y, design), design, "y")
}
# Weights that svydesign takes from the sizes alone.
options(survey.lonely.psu = "adjust")
model("own-equal", y ~ x + z, svydesign(ids = ~1, strata = ~region, fpc = ~size, data = own))
write.csv(do.call(rbind, rows), "sampling_models.csv", row.names = FALSE, quote = FALSE)
