# Reference numbers for everything that the shipped study computes, on one fixed draw of its responses.
# Run: Rscript tests/reference/shipped_study.R    (R 4.2; ordinal, psych, sandwich)
# Reads shipped-responses.csv beside this script, and nothing else: neither the simulation nor the claims are read, the
# definitions are written down here once more, by hand, from analysis/claims.yml, analysis/verdicts.yml,
# analysis/drivers.yml and the constructs of instruments/cluster-organisation.yml.
# Writes shipped-parts.csv, shipped-claims.csv, shipped-drivers.csv, shipped-flow.csv, shipped-reliability.csv and
# shipped-funding.csv.
suppressPackageStartupMessages({
  library(ordinal)
  library(sandwich)
})
arguments <- commandArgs(trailingOnly = FALSE)
here <- dirname(sub("^--file=", "", arguments[grep("^--file=", arguments)]))
write_csv <- function(x, name) {
  numbers <- vapply(x, is.double, logical(1))
  x[numbers] <- lapply(x[numbers], function(column) ifelse(is.na(column), "", trimws(formatC(column, digits = 16, format = "g"))))
  write.csv(x, file.path(here, paste0("shipped-", name, ".csv")), row.names = FALSE, quote = FALSE, na = "")
}

# --- answers: 97 (not applicable) and 98 (don't know) are no answers; every other blank is one too
raw <- read.csv(file.path(here, "shipped-responses.csv"), colClasses = "character", na.strings = "", encoding = "UTF-8")
coded <- "^(objective|gap|contact|change|external|internal)_|^(strength|legal|member|website)$"
answer <- function(name) {
  x <- raw[[name]]
  if (grepl(coded, name)) x[x %in% c("97", "98")] <- NA
  if (all(x %in% c("Y", "N", NA))) as.numeric(x == "Y") else as.numeric(x)
}
d <- data.frame(sapply(setdiff(names(raw), c("id", "synthetic", "complete", "lastpage", "country", "field", "field_other",
                                             "initiation", "remarks")), answer))
all_n <- nrow(d)
d$public <- d$funding_natpub + d$funding_regpub + d$funding_intpub
d$call <- ifelse(raw$initiation == "call", 1, ifelse(raw$initiation == "priv", 0, NA))
external <- c("external_growth", "external_innov", "external_compet")
internal <- c("internal_deadlines", "internal_goals", "internal_finance", "internal_attract")
contact <- paste0("contact_", c("firms", "research", "educ", "govern", "finance", "clusters", "global"))
scored <- function(items, least) {
  x <- as.matrix(d[items])
  ifelse(rowSums(!is.na(x)) >= least, rowMeans(x, na.rm = TRUE), NA)
}
d$performance <- scored(c(external, internal), 5)
d$performance_external <- scored(external, 2)
d$performance_internal <- scored(internal, 3)
d$interaction <- scored(contact, 5)

# --- estimators: each returns the estimate, a function level -> interval, the two-sided p and n

# Kendall's tau-b. Its error under multinomial sampling (Brown and Benedetti's ASE1) by the delta method over persons:
# the influence of person i on sum p_i p_j s_ij / sqrt(W_x W_y), W = 1 - share of pairs tied. ASE0 keeps the numerator only.
tau <- function(x, y) {
  used <- !is.na(x) & !is.na(y)
  x <- x[used]; y <- y[used]; n <- length(x)
  s <- sign(outer(x, x, "-")) * sign(outer(y, y, "-"))
  px <- rowMeans(outer(x, x, "==")); py <- rowMeans(outer(y, y, "=="))
  wx <- 1 - mean(px); wy <- 1 - mean(py); w <- sqrt(wx * wy)
  estimate <- cor(x, y, method = "kendall")
  influence <- 2 * rowMeans(s) / w + estimate * (px / wx + py / wy)
  spread <- function(v) sqrt(sum((v - mean(v))^2)) / n
  error <- spread(influence)
  list(estimate = estimate, n = n, p = 2 * pnorm(-abs(estimate) / spread(2 * rowMeans(s) / w)),
       # On Fisher's scale, by t with n - 2 degrees of freedom.
       interval = function(level) tanh(atanh(estimate) + c(-1, 1) * qt((1 + level) / 2, n - 2) * error / (1 - estimate^2)))
}
share <- function(yes, against) {
  yes <- yes[!is.na(yes)]
  test <- function(level) suppressWarnings(prop.test(sum(yes), length(yes), p = against, conf.level = level, correct = FALSE))
  list(estimate = mean(yes), n = length(yes), p = test(0.95)$p.value, interval = function(level) as.vector(test(level)$conf.int))
}
mean_share <- function(x, against) {
  test <- function(level) t.test(x, mu = against, conf.level = level)
  list(estimate = unname(test(0.95)$estimate), n = sum(!is.na(x)), p = test(0.95)$p.value,
       interval = function(level) pmin(pmax(as.vector(test(level)$conf.int), 0), 1))
}
# Agresti and Min (2005): Wald's interval of paired differences, half a pair added to each of the four cells.
paired <- function(difference, level) {
  difference <- sign(difference[!is.na(difference)])
  weights <- c(sum(difference > 0) + 0.5, sum(difference < 0) + 0.5, sum(difference == 0) + 1)
  values <- c(1, -1, 0)
  centre <- weighted.mean(values, weights)
  reach <- qnorm((1 + level) / 2) * sqrt(sum(weights * (values - centre)^2)) / sum(weights)
  pmin(pmax(centre + c(-1, 1) * reach, -1), 1)
}
# Every pair: the lower end that of the worst pair, the upper end corrected for the number of pairs.
order_each <- function(higher, lower) {
  pairs <- lapply(higher, function(h) lapply(lower, function(l) d[[h]] - d[[l]]))
  pairs <- lapply(unlist(pairs, recursive = FALSE), function(x) x[!is.na(x)])
  m <- length(pairs)
  ends <- function(level, side) min(vapply(pairs, function(x) paired(x, level)[side], 0))
  one_sided <- vapply(pairs, function(x) binom.test(sum(x > 0), sum(x != 0), alternative = "greater")$p.value, 0)
  list(estimate = min(vapply(pairs, function(x) mean(sign(x)), 0)), n = min(lengths(pairs)), p = min(1, 2 * max(one_sided)),
       interval = function(level) c(ends(level, 1), ends(1 - (1 - level) / m, 2)))
}
order_average <- function(higher, lower) {
  person <- vapply(seq_len(all_n), function(i) mean(sign(outer(unlist(d[i, higher]), unlist(d[i, lower]), "-"))), 0)
  test <- function(level) t.test(person, conf.level = level)
  list(estimate = unname(test(0.95)$estimate), n = sum(!is.na(person)), p = test(0.95)$p.value,
       interval = function(level) as.vector(test(level)$conf.int))
}
odds_ratio <- function(driver, outcome) {
  used <- data.frame(outcome = d[[outcome]], driver = d[[driver]], year = d$year / 10,
                     firms = ifelse(d$firms > 0, log2(pmax(d$firms, 1)), NA), strength = d$strength)
  used[[driver]] <- NULL  # strength as the driver is not held equal beside itself; other drivers are no column
  used <- used[complete.cases(used), ]
  # A founding year near 200 decades and the answers on one scale: centred, so that the information is well conditioned.
  used[-1] <- lapply(used[-1], function(x) x - mean(x))
  fit <- clm(factor(outcome) ~ ., data = used, link = "logit", control = clm.control(gradTol = 1e-10, maxIter = 200L))
  at <- coef(summary(fit))["driver", ]
  list(estimate = exp(at[["Estimate"]]), n = nrow(used), p = at[["Pr(>|z|)"]],
       interval = function(level) exp(at[["Estimate"]] + c(-1, 1) * qnorm((1 + level) / 2) * at[["Std. Error"]]))
}

# --- the parts of the sixteen claims
parts <- list()
add <- function(id, form, measure, found, asserted = TRUE, published = c(NA, NA), threshold = NA) {
  parts[[id]] <<- list(claim = sub("[a-z]$", "", id), form = form, measure = measure, found = found, asserted = asserted,
                       published = published, threshold = threshold)
}
o <- function(...) paste0("objective_", c(...))
ct <- function(...) paste0("contact_", c(...))
ch <- function(...) paste0("change_", c(...))
add("1a", "order", "ordering", order_each(o("brand", "strategy", "innov"), o("envir", "growth")))
add("1b", "order", "ordering", order_each(o("brand", "strategy", "innov"), o("export", "commerc", "purchas")))
add("2a", "value", "mean share", mean_share(d$public / 100, 0.6), published = c(0.595, 0.605))
add("2b", "no difference", "tau", tau(d$year, d$public), asserted = FALSE)
add("3a", "value", "share", share(d$staff <= 3, 0.5), published = c(0.45, 0.55))
add("4a", "threshold", "share", share(d$proximity > 50, 0.5), threshold = 0.5)
add("4b", "threshold", "mean share", mean_share(d$proximity / 100, 0.5), asserted = FALSE, threshold = 0.5)
add("5a", "threshold", "share", share(d$contact_firms >= 5, 0.8), published = c(0.8, 1), threshold = 0.8)
add("5b", "order", "ordering", order_each(ct("firms"), setdiff(contact, ct("firms"))))
add("6a", "order", "ordering", order_each(setdiff(contact, ct("finance")), ct("finance")))
add("6b", "order", "ordering", order_average(ct("firms", "research", "educ", "govern"), ct("clusters", "global")))
add("7a", "threshold", "share", share(d$change_firms >= 4, 0.5), published = c(0.885, 0.895), threshold = 0.5)
add("7b", "order", "ordering", order_each(ch("firms"), ch("educ", "capital", "govern", "global")))
add("7c", "no difference", "ordering", order_each(ch("firms"), ch("research")), asserted = FALSE)
add("7d", "no difference", "ordering", order_each(ch("firms"), ch("clusters")), asserted = FALSE)
seven <- as.matrix(d[c(external, internal)])
positive <- ifelse(rowSums(!is.na(seven)) >= 5, rowMeans(seven >= 4, na.rm = TRUE), NA)
add("8a", "threshold", "mean share", mean_share(positive, 0.5), threshold = 0.5)
add("8b", "order", "ordering", order_each("internal_attract", setdiff(internal, "internal_attract")))
add("8c", "order", "ordering", order_each(setdiff(internal, "internal_finance"), "internal_finance"))
taus <- function(claim, driver, outcomes, published = NULL) {
  for (i in seq_along(outcomes)) {
    figure <- if (i <= length(published)) published[i] + c(-0.005, 0.005) else c(NA, NA)
    add(paste0(claim, letters[i]), "effect", "tau", tau(d[[driver]], d[[outcomes[i]]]), published = figure,
        asserted = length(published) == 0 || i <= length(published))
  }
}
taus(9, "experience", c("external_compet", "internal_goals", "internal_finance", "internal_deadlines", "external_growth",
                        "external_innov", "internal_attract"), c(0.17, 0.14, 0.14, 0.11))
taus(10, "background_priv", c("external_innov", "external_growth", "external_compet", internal), c(0.11, 0.10))
for (i in 1:3) {
  add(paste0("10", c("h", "i", "j")[i]), "no difference", "tau", asserted = FALSE,
      found = tau(d[[paste0("background_", c("acad", "publ", "npo")[i])]], d$performance))
}
taus(11, "staff", c(external, internal))
add("12a", "effect", "odds ratio", odds_ratio("member", "internal_finance"))
add("12b", "effect", "odds ratio", odds_ratio("member", "change_firms"))
for (i in 1:7) add(paste0("13", letters[i]), "no difference", "odds ratio", odds_ratio("legal", c(external, internal)[i]))
for (i in 1:7) add(paste0("14", letters[i]), "no difference", "odds ratio", odds_ratio("call", c(external, internal)[i]))
add("15a", "effect", "tau", tau(d$strength, d$performance))
add("15b", "effect", "tau", tau(d$strength, d$performance_external), asserted = FALSE)
add("15c", "effect", "tau", tau(d$strength, d$performance_internal), asserted = FALSE)
add("15d", "effect", "odds ratio", odds_ratio("strength", "external_compet"), asserted = FALSE)
taus(16, "gap_firms", c(external, internal))

# --- verdicts, as a chain of conditions: another road than a table of rules
alpha <- 0.05
smallest <- c(tau = 0.10, share = 0.05, "mean share" = 0.05, "odds ratio" = log(1.5), ordering = 0.10)
# Around a published value the smallest difference is counted from the ends of what rounding leaves open.
margin <- function(part) smallest[[part$measure]] + if (part$form == "value") diff(part$published) / 2 else 0
decide <- function(part, simultaneous, equivalence) {
  turn <- if (part$measure == "odds ratio") log else identity
  delta <- margin(part)
  zero <- switch(part$form, threshold = part$threshold, value = mean(part$published), 0)
  wide <- turn(simultaneous) - zero
  narrow <- turn(equivalence) - zero
  figure <- turn(part$published) - zero
  below <- !is.na(figure[1]) && wide[2] < figure[1]
  if (part$form %in% c("value", "no difference")) {
    if (narrow[1] > -delta && narrow[2] < delta) return("supported")
    if (wide[1] > delta || wide[2] < -delta) return("contradicted")
    return("inconclusive")
  }
  small <- wide[1] > -delta && wide[2] < delta
  if (part$form == "threshold" && wide[1] > 0 && !below) return("supported")
  if (small) return("practically null")
  if (wide[2] < 0) return("contradicted")
  if (wide[1] > 0) return(if (below) "weaker than published" else "supported")
  "inconclusive"
}
claim_of <- vapply(parts, `[[`, "", "claim")
asserted <- vapply(parts, `[[`, TRUE, "asserted")
family <- vapply(claim_of, function(claim) sum(asserted & claim_of == claim), 0L)
rows <- lapply(names(parts), function(id) {
  part <- parts[[id]]
  simultaneous <- part$found$interval(1 - alpha / family[[id]])
  equivalence <- part$found$interval(1 - 2 * alpha)
  shown <- if (part$form %in% c("value", "no difference")) equivalence else simultaneous
  plain <- part$found$interval(1 - alpha)
  data.frame(part = id, claim = part$claim, asserted = part$asserted, family = family[[id]], estimate = part$found$estimate,
             low = shown[1], high = shown[2], plain_low = plain[1], plain_high = plain[2], simultaneous_low = simultaneous[1],
             simultaneous_high = simultaneous[2], p = part$found$p, n = part$found$n, lost = all_n - part$found$n,
             smallest = if (part$measure == "odds ratio") exp(margin(part)) else margin(part), verdict = decide(part, simultaneous, equivalence))
})
table <- do.call(rbind, rows)
table$p_holm <- NA_real_
for (claim in unique(table$claim)) {
  own <- table$claim == claim & table$asserted
  table$p_holm[own] <- p.adjust(table$p[own], "holm")
}
write_csv(table, "parts")
together <- function(v) {
  if (any(v == "contradicted")) "contradicted"
  else if (all(v == "supported")) "supported"
  else if (all(v %in% c("supported", "weaker than published"))) "weaker than published"
  else if (all(v == "practically null")) "practically null"
  else "inconclusive"
}
claims <- do.call(rbind, lapply(unique(table$claim), function(claim) {
  own <- table[table$claim == claim & table$asserted, ]
  data.frame(claim = claim, n = min(own$n), verdict = together(own$verdict))
}))
write_csv(claims, "claims")

# --- drivers of performance
predictors <- data.frame(member = d$member, public = d$public / 10, interaction = d$interaction, staff = d$staff,
                         experience = d$experience / 5, strength = d$strength)
drivers <- function(model, outcomes) {
  whole <- cbind(predictors, d[outcomes])
  used <- whole[complete.cases(whole), ]
  rows <- do.call(rbind, lapply(outcomes, function(outcome) {
    if (model == "items") {
      fit <- clm(reformulate(names(predictors), "y"), data = cbind(used, y = factor(used[[outcome]])),
                 control = clm.control(gradTol = 1e-10, maxIter = 200L))
      at <- coef(summary(fit))[names(predictors), ]
      reach <- qnorm(0.975) * at[, 2]
      data.frame(model, outcome, term = names(predictors), estimate = exp(at[, 1]), low = exp(at[, 1] - reach),
                 high = exp(at[, 1] + reach), p = at[, 4], n = nrow(used))
    } else {
      fit <- lm(reformulate(names(predictors), outcome), data = used)
      error <- sqrt(diag(vcovHC(fit, type = "HC3")))[names(predictors)]
      at <- coef(fit)[names(predictors)]
      reach <- qt(0.975, fit$df.residual) * error
      data.frame(model, outcome, term = names(predictors), estimate = at, low = at - reach, high = at + reach,
                 p = 2 * pt(-abs(at / error), fit$df.residual), n = nrow(used))
    }
  }))
  rows$p_adjusted <- p.adjust(rows$p, "holm")
  left <- rep(TRUE, nrow(whole))
  flow <- do.call(rbind, lapply(names(whole), function(name) {
    missing <- is.na(whole[[name]])
    lost <- sum(left & missing)
    left <<- left & !missing
    data.frame(model, variable = name, missing = sum(missing), lost, n = sum(left))
  }))
  list(rows = rows, flow = flow)
}
found <- list(drivers("items", c(external, internal)), drivers("scale", "performance"))
write_csv(do.call(rbind, lapply(found, `[[`, "rows")), "drivers")
write_csv(do.call(rbind, lapply(found, `[[`, "flow")), "flow")

# --- reliability: alpha by psych, Feldt's interval from its F ratio
scales <- list(performance = c(external, internal), performance_external = external, performance_internal = internal,
               interaction = contact,
               objective = o("brand", "strategy", "innov", "envir", "growth", "export", "commerc", "purchas"),
               gap = paste0("gap_", c("research", "educ", "capital", "govern", "firms", "clusters", "global")),
               contact = contact, change = ch("research", "educ", "capital", "govern", "firms", "clusters", "global"),
               external = external, internal = internal)
write_csv(do.call(rbind, lapply(names(scales), function(scale) {
  x <- d[scales[[scale]]]
  whole <- x[complete.cases(x), ]
  n <- nrow(whole); k <- ncol(whole)
  value <- suppressWarnings(psych::alpha(whole, check.keys = FALSE, warnings = FALSE))$total$raw_alpha
  interval <- 1 - (1 - value) * qf(c(0.975, 0.025), n - 1, (n - 1) * (k - 1))
  data.frame(scale, items = k, n, lost = sum(rowSums(!is.na(x)) > 0) - n, alpha = value, low = interval[1], high = interval[2])
})), "reliability")

# --- funding: mean shares by age in 2012, t intervals cut at 0 and 1
sources <- c("fees", "sales", "natpub", "regpub", "intpub", "other")
shares <- d[paste0("funding_", sources)] / 100
names(shares) <- sources
shares$public <- shares$natpub + shares$regpub + shares$intpub
age <- 2012 - d$year
group <- ifelse(is.na(age), "unknown", ifelse(age < 5, "0-4", ifelse(age < 10, "5-9", "10+")))
complete <- complete.cases(shares)
write_csv(do.call(rbind, lapply(c("all", "0-4", "5-9", "10+", "unknown"), function(name) {
  own <- shares[complete & (name == "all" | group == name), ]
  do.call(rbind, lapply(names(own), function(source) {
    ends <- pmin(pmax(t.test(own[[source]])$conf.int, 0), 1)
    data.frame(group = name, source, mean = mean(own[[source]]), low = ends[1], high = ends[2], n = nrow(own))
  }))
})), "funding")
