"""What a study declares to ask of its answers: one value for all of its analyses, read against its questionnaire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clustergov.study.gathering import Gathering
from clustergov.study.study_file import Study

if TYPE_CHECKING:
    from clustergov.analysis.case_selection.declaration import SelectionSpecification
    from clustergov.analysis.claims.claim import Claims
    from clustergov.analysis.claims.verdicts import DecisionTable
    from clustergov.analysis.missing.declaration import MissingSpecification
    from clustergov.analysis.models.driver_specification import DriverSpecification
    from clustergov.analysis.multiverse.declaration import MultiverseSpecification
    from clustergov.analysis.scales.measurement_specification import MeasurementSpecification
    from clustergov.analysis.sweet_spot.specification import SweetSpotSpecification
    from clustergov.casestudies.qca.declaration import QcaDeclaration
    from clustergov.instruments.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class Declared:
    """The analyses of a study; what it leaves out is None."""

    claims: Claims | None = None
    decisions: DecisionTable | None = None
    measurement: MeasurementSpecification | None = None
    drivers: DriverSpecification | None = None
    missing: MissingSpecification | None = None
    sweet_spot: SweetSpotSpecification | None = None
    multiverse: MultiverseSpecification | None = None
    case_selection: SelectionSpecification | None = None
    qca: QcaDeclaration | None = None


def read_declared(study: Study, questionnaire: Questionnaire | None, gathering: Gathering) -> Declared:
    """Read every analysis that `study` names; mistakes stay in `gathering`.

    Without a questionnaire that could be read only the decision table is: the others speak of its questions.
    """
    from clustergov.analysis.case_selection.declaration import read_selection
    from clustergov.analysis.claims.claim_reading import read_claims
    from clustergov.analysis.claims.verdicts import read_verdicts
    from clustergov.analysis.missing.declaration import read_missing
    from clustergov.analysis.models.drivers import read_drivers
    from clustergov.analysis.multiverse.multiverse_reading import read_multiverse
    from clustergov.analysis.scales.measurement_specification import read_measurement
    from clustergov.analysis.sweet_spot.specification import read_sweet_spot
    from clustergov.casestudies.qca.declaration import read_qca

    decisions = gathering.read(study.verdicts, read_verdicts)
    if questionnaire is None:
        return Declared(decisions=decisions)
    drivers = gathering.read(study.drivers, lambda file: read_drivers(file, questionnaire))
    return Declared(
        claims=gathering.read_together(study.claims, lambda files: read_claims(files, questionnaire)),
        decisions=decisions,
        measurement=gathering.read(study.measurement, lambda file: read_measurement(file, questionnaire)),
        drivers=drivers,
        missing=gathering.read(study.missing, lambda file: read_missing(file, questionnaire)),
        sweet_spot=gathering.read(study.sweet_spot, lambda file: read_sweet_spot(file, questionnaire)),
        multiverse=gathering.read(study.multiverse, lambda file: read_multiverse(file, questionnaire)),
        case_selection=(
            None
            if drivers is None
            else gathering.read(study.case_selection, lambda file: read_selection(file, drivers))
        ),
        qca=gathering.read(study.qca, lambda file: read_qca(file, questionnaire)),
    )
