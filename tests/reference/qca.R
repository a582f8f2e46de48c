# References for qualitative comparative analysis: the package QCA (Adrian Duşa, GPL >= 3), its data sets and what it finds.
# Writes qca-data.json (the data, public, as in the package) and qca.json. Refresh: Rscript qca.R
suppressPackageStartupMessages({library(QCA); library(jsonlite)})
file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(file)))
get_data <- function(n) {
  e <- new.env(); data(list = n, package = "QCA", envir = e)
  d <- as.data.frame(e[[n]]); d <- d[, sapply(d, is.numeric), drop = FALSE]
  d[] <- lapply(d, function(x) as.numeric(unclass(x))); d[, colSums(is.na(d)) == 0, drop = FALSE]
}
quiet <- function(e) suppressWarnings(tryCatch(e, error = function(err) list(error = conditionMessage(err))))
model <- function(ic, sol) list(terms = I(rownames(ic)), fit = lapply(seq_len(nrow(ic)), function(i) I(as.numeric(ic[i, 1:4]))), solution = as.numeric(sol[1, 1:3]))
models <- function(sols, IC) if (length(sols) == 1) list(model(IC$incl.cov, IC$sol.incl.cov)) else lapply(IC$individual, function(i) model(i$incl.cov, i$sol.incl.cov))
rows <- function(x) I(as.integer(rownames(x)))

analysis <- function(data, outcome, conditions, incl, n.cut = 1, pri = 0, expect = NULL, exclude = NULL, all.sol = FALSE) {
  d <- get_data(data)
  spec <- list(data = data, outcome = outcome, conditions = I(conditions), incl = I(incl), n_cut = n.cut, pri = pri,
               expect = I(as.character(expect)), exclude = exclude, all = all.sol)
  args <- list(data = d, outcome = outcome, conditions = conditions, incl.cut = incl, n.cut = n.cut, pri.cut = pri, show.cases = TRUE)
  tt <- quiet(do.call("truthTable", c(args, if (length(exclude)) list(exclude = exclude))))
  if (!is.null(tt$error)) return(c(spec, list(error = tt$error)))
  t <- tt$tt[tt$tt$n > 0, ]
  number <- function(x) I(suppressWarnings(as.numeric(x)))
  spec$rows <- list(number = I(as.integer(rownames(t))), out = I(as.character(t$OUT)), n = number(t$n), incl = number(t$incl),
                    pri = number(t$PRI), cases = I(as.character(t$cases)), deviant = I(unname(tt$DCC[rownames(t)])))
  con <- if (length(exclude)) list(error = "only the parsimonious solution is compared") else quiet(minimize(tt, all.sol = all.sol))
  if (is.null(con$error)) spec$conservative <- models(con$solution, con$IC)
  par <- quiet(do.call("minimize", c(list(tt, include = "?", all.sol = all.sol), if (length(expect)) list(dir.exp = expect))))
  if (!is.null(par$error)) return(c(spec, list(refused = par$error)))
  spec$parsimonious <- models(par$solution, par$IC)
  if (length(par$i.sol)) spec$intermediate <- lapply(par$i.sol, function(s) list(models = models(s$solution, s$IC), easy = rows(s$EC), difficult = rows(s$DC)))
  spec
}

sets <- list(LC = NULL, LF = NULL, LM = NULL, CVF = NULL, HC = NULL, Krook = NULL, NF = NULL, RS = NULL, Rokkan = NULL,
  d.HMN = NULL, d.Kil = NULL, d.CZH = NULL, HarKem = c("PB", "C", "F", "T", "V"), d.BWB = c("HS", "CAN", "PH", "CH", "AS", "LI"),
  d.Bas = c("DE", "AU", "EM", "SP", "CO", "CI"), d.SA = c("ACC", "FED", "FIN", "URB", "GER", "HIS"))
found <- list()
add <- function(...) found[[length(found) + 1]] <<- analysis(...)
for (n in names(sets)) {
  d <- get_data(n); v <- sets[[n]]
  y <- if (is.null(v)) names(d)[ncol(d)] else v[1]
  cs <- if (is.null(v)) setdiff(names(d), y) else v[-1]
  mv <- any(sapply(d[cs], max) > 1)
  lit <- function(c, l) if (mv) paste0(c, "[", l, "]") else if (l == 1) c else paste0("~", c)
  every <- unname(sapply(cs, lit, 1)); mixed <- unname(sapply(seq_along(cs), function(i) lit(cs[i], i %% 2)))
  for (o in c(y, paste0("~", y))) {
    add(n, o, cs, .8, expect = every); add(n, o, cs, .8, expect = mixed); add(n, o, cs, 1, expect = lit(cs[1], 1))
    add(n, o, cs, .75, n.cut = 2, pri = .5, expect = every)
  }
}
add("LF", "SURV", c("DEV", "URB", "LIT", "IND", "STB"), c(.8, .5), expect = "DEV")
add("CVF", "PROTEST", c("DEMOC", "ETHFRACT", "GEOCON", "POLDIS", "NATPRIDE"), c(.85, .7), expect = c("DEMOC", "GEOCON"))
add("LM", "SURV", c("DEV", "URB", "LIT", "IND", "STB"), 1, expect = c("DEV[1,2]", "LIT[1]"))
add("HarKem", "R[1]", c("C", "F", "T", "V"), .8, expect = "C[1]")
add("LF", "SURV", c("DEV", "URB", "LIT", "IND", "STB"), .8, exclude = "~LIT*IND")
add("LC", "SURV", c("DEV", "URB", "LIT", "IND", "STB"), 1, exclude = "~DEV + LIT*~URB*~IND")
for (n in c("LC", "LF", "HC", "CVF", "Krook", "Rokkan")) { d <- get_data(n); y <- names(d)[ncol(d)]; add(n, y, setdiff(names(d), y), .8, all.sol = TRUE) }

raw <- get_data("LR")
calibration <- function(column, method, thresholds, ...) list(column = column, method = method, thresholds = thresholds,
  extra = list(...), value = as.numeric(calibrate(raw[[column]], type = if (method == "levels") "crisp" else "fuzzy",
  method = if (method == "indirect") "indirect" else "direct", thresholds = thresholds, logistic = method == "logistic", ...)))
calibrations <- list(
  calibration("DEV", "logistic", c(350, 550, 900)), calibration("DEV", "logistic", c(900, 550, 350)),
  calibration("URB", "logistic", c(25, 50, 65), idm = .9), calibration("DEV", "linear", c(350, 550, 900)),
  calibration("DEV", "linear", c(900, 600, 350), below = 2, above = .5), calibration("DEV", "bell", c(350, 450, 550, 650, 800, 1000)),
  calibration("DEV", "bell", c(350, 450, 550, 650, 800, 1000), below = 3, above = 2), calibration("DEV", "levels", 550),
  calibration("DEV", "levels", c(550, 850)), calibration("DEV", "indirect", c(350, 550, 700, 900)))

relation <- function(data, outcome, relation, ...) {
  r <- superSubset(get_data(data), outcome = outcome, relation = relation, ...)
  list(data = data, outcome = outcome, relation = relation, asked = list(...), expressions = I(rownames(r$incl.cov)),
       values = lapply(seq_len(nrow(r$incl.cov)), function(i) as.numeric(r$incl.cov[i, 1:3])))
}
relations <- list(
  relation("LF", "SURV", "necessity", incl.cut = .9, depth = 3), relation("LF", "~SURV", "necessity", incl.cut = .9, ron.cut = .3, depth = 3),
  relation("CVF", "PROTEST", "necessity", incl.cut = .9, depth = 3), relation("LM", "SURV", "necessity", incl.cut = .9, depth = 3),
  relation("LF", "SURV", "sufficiency", incl.cut = .8, depth = 3), relation("CVF", "PROTEST", "sufficiency", incl.cut = .85, depth = 3),
  relation("LM", "SURV", "sufficiency", incl.cut = .9, depth = 3))
single <- function(data, outcome) { r <- pofind(get_data(data), outcome = outcome)$incl.cov
  list(data = data, outcome = outcome, expressions = I(trimws(rownames(r))), values = lapply(seq_len(nrow(r)), function(i) as.numeric(r[i, 1:3]))) }
# pof() looks at how its outcome is written, not only at its value: a variable would lose the tilde.
fit <- function(data, expression, outcome, relation) as.numeric(tail(do.call("pof", list(expression, outcome, data = get_data(data), relation = relation))$incl.cov, 1)[1, 1:3])
formula <- function(data, expression, outcome)
  list(data = data, expression = expression, outcome = outcome, sufficiency = fit(data, expression, outcome, "sufficiency"), necessity = fit(data, expression, outcome, "necessity"))

version <- function(p) paste(p, packageVersion(p))
write_json <- function(x, to) writeLines(toJSON(x, digits = NA, auto_unbox = TRUE, null = "null", na = "null"), to)
write_json(list(versions = paste(R.version.string, version("QCA"), version("admisc"), sep = ", "), analyses = found, raw = as.list(raw),
  calibrations = calibrations, relations = relations, singles = list(single("LF", "SURV"), single("CVF", "~PROTEST"), single("LM", "SURV")),
  formulas = list(formula("LF", "DEV*~IND + URB*STB", "SURV"), formula("LF", "DEV + ~STB", "~SURV"))), "qca.json")
names(sets) -> used
write_json(setNames(lapply(used, function(n) { d <- get_data(n); list(cases = rownames(d), columns = as.list(d)) }), used), "qca-data.json")
