"""Where the recordings that the checks read are from, so that anybody can get them and compare.

Each folder holds files of one public repository on GitHub at one commit. What a file is otherwise
than the one there stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """A file by its `name` here and its `path` there; `changed` says how it differs, "" if not."""

    name: str
    path: str
    sha256: str
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """A folder of recordings, and the project and commit that its files are from."""

    folder: str
    project: str
    commit: str
    files: tuple[File, ...]


ORIGINS = (
    Origin(
        "elite_hrv_txt",
        "chriotte/EliteHRV_to_dataframe",
        "44c912dc273cdd6375f98759368bd07745bf2f57",
        (
            File(
                "2017-06-29 13-11-53.txt",
                "data/eliteHRV/export/2017-06-29 13-11-53.txt",
                "25562783f3ab22f522b6da0bdc0424fd647c296b93b6e7701e99d6f789b09c20",
            ),
        ),
    ),
    Origin(
        "empatica_ibi",
        "im-ethz/flirt",
        "d9bdcc56107edaa3457db5428b32fbe2080778d0",
        (
            File(
                "IBI.csv",
                "test/wearable-data/empatica/IBI.csv",
                "2f09b5c349dc85718c8a0686920b61e8841e6470c730802072e878207a7fb3e3",
            ),
        ),
    ),
    Origin(
        "hrv_rhenanbartels",
        "rhenanbartels/hrv",
        "14807c8cf851e352cb995e148ceb5b3925da6caa",
        (
            File(
                "08012805.txt",
                "notebooks/data/08012805.txt",
                "595422b8264a3e69b88cf0d6726a485de7298e11fff030e9676c8235a2a321a3",
            ),
            File(
                "exercise_rri.hrm",
                "hrv/sampledata/exercise_rri.hrm",
                "77d09cc3ab7ae66e9f6fdb1809bc4a808f0f3a7a9ee0abe645c07320e6f3ab00",
            ),
            File(
                "noisy_rri.hrm",
                "hrv/sampledata/noisy_rri.hrm",
                "004042d6a14787d0662eac73e33096fb70dcbc287d9723ef6761826eb7b6a72d",
            ),
            File(
                "real_rri.txt",
                "tests/test_files/real_rri.txt",
                "44bcd83f96bfaca506ed6a5811e094da733ab0b97554e5301f36e340cb34ad67",
            ),
            File(
                "rest_rri.txt",
                "hrv/sampledata/rest_rri.txt",
                "b4c76c0bdc1aa74f4ebbe065be6baf5a162bc23ccd16d4c21be5911276a7527c",
            ),
        ),
    ),
    Origin(
        "mimic03700181_ecg_abp_resp",
        "MIT-LCP/wfdb-python",
        "6850ad1aa0c1fcb2282b3625f767de98396cf740",
        (
            File(
                "03700181.dat",
                "sample-data/03700181.dat",
                "73053369fb56768e37d2165532d48f343d5fa9cbc6b550cba1c70ce3fd4fca41",
            ),
        ),
    ),
    Origin(
        "mitdb100_wfdb",
        "MIT-LCP/wfdb-python",
        "6850ad1aa0c1fcb2282b3625f767de98396cf740",
        (
            File(
                "100.atr",
                "sample-data/100.atr",
                "8d8a5349fb16638ebbf649f1779d12e96d91b736b2aafe59db43719ae583d471",
            ),
            File(
                "100.dat",
                "sample-data/100.dat",
                "b2ea3c250e56e48f4b7b90697832b8ecd1afa1e0bb31f2dcfea4ed6e1075a639",
            ),
        ),
    ),
    Origin(
        "neurokit_ecg_delineation",
        "danibene/NeuroKit",
        "39d474c1093180e184005739a19de2a95175ef7c",
        (
            File(
                "bad_500.csv",
                "tests/ecg_data/bad_500.csv",
                "e50e99c753f0fe39c144b7793dbe1534791d3151427efa5a2459ae3f4f6761cd",
            ),
            File(
                "ecg_1000hz.csv",
                "data/ecg_1000hz.csv",
                "a9ce96d2a3161f8897b1237d40a2bfce69e9d8ab3de019c6800e5b459f5c5b9b",
            ),
            File(
                "good_4000.csv",
                "tests/ecg_data/good_4000.csv",
                "99c8fb749eb14824e09319379e53a7b9b27cdba4095c957a181b225f4692e902",
            ),
            File(
                "good_4000_annotation.csv",
                "tests/ecg_data/good_4000_annotation.csv",
                "8619a6496045ae04fc6cf3dc877ea296b4b864a0dfd8566ac4dcf8d43ff4bc3f",
            ),
        ),
    ),
    Origin(
        "neurokit_rest_eventrelated",
        "danibene/NeuroKit",
        "39d474c1093180e184005739a19de2a95175ef7c",
        (
            File(
                "bio_eventrelated_100hz.csv",
                "data/bio_eventrelated_100hz.csv",
                "8b048d02c3580e4e6c2daaa9d44a86e851a6c5a6a978b636cb7a890238ef0dcd",
            ),
            File(
                "bio_resting_5min_100hz.csv",
                "data/bio_resting_5min_100hz.csv",
                "6a33ff8ae229f608354563044ff4a4d1c4e927c817e9269a4dec6173abefc385",
            ),
        ),
    ),
    Origin(
        "nsr2db_physionet_toolbox",
        "cliffordlab/PhysioNet-Cardiovascular-Signal-Toolbox",
        "eec46e75e0b95c379ecb68cb0ebee0c4c9f54605",
        (
            File(
                "nsr001.ecg",
                "Demos/TestData/Physionet_nsr2db/nsr001.ecg",
                "e3e207a42f2c2b07c78c3cbf7a74450d9659404b9f49f6de3f0e3536681632c0",
            ),
            File(
                "nsr004.ecg",
                "Demos/TestData/Physionet_nsr2db/nsr004.ecg",
                "ba6d95f5ec26e2a8e8196587513e9703d0be7a3765f9421a6e29efcc7b55f4b7",
            ),
            File(
                "reference_nsr001.csv",
                "Demos/ReferenceOutput/NSR_HRV_allwindows_allpatients.csv",
                "6aedf1aae1be1890eb3c86cc82c0bd13c6a6e574abc86f9315cfba65fec36646",
                "its rows of this record",
            ),
            File(
                "reference_nsr004.csv",
                "Demos/ReferenceOutput/NSR_HRV_allwindows_allpatients.csv",
                "d5be31b5d4d1db8670bed13866ee1086394f508accd2334abdfdcd0229e0946b",
                "its rows of this record",
            ),
        ),
    ),
    Origin(
        "nstdb118_heartpy",
        "paulvangentcom/heartrate_analysis_python",
        "ef48d23b73d216cf81c558ad427cd938a5d2f319",
        (
            File(
                "118e00.csv",
                "examples/5_noisy_ECG/118e00.csv",
                "855cbe617be15680f8c9787ba6e03ed0ab0db9070c10e6b2b6885ee1a83d3bb2",
            ),
            File(
                "118e00_ann.csv",
                "examples/5_noisy_ECG/118e00_ann.csv",
                "e8232a2e6926a1c8cea160c380b66fded6f1259d6086b6940a41f5fef872e1b6",
            ),
            File(
                "118e06.csv",
                "examples/5_noisy_ECG/118e06.csv",
                "77ccca57d728cf875113dae95e4fd9ae602b9da9f9cca5575f3d7ca54f1a440e",
            ),
            File(
                "118e06_ann.csv",
                "examples/5_noisy_ECG/118e06_ann.csv",
                "e8232a2e6926a1c8cea160c380b66fded6f1259d6086b6940a41f5fef872e1b6",
            ),
            File(
                "118e12.csv",
                "examples/5_noisy_ECG/118e12.csv",
                "d37e9e77a192e40afb292494958f87cf5232134ef1d1fa1152452b1d87d81776",
            ),
            File(
                "118e12_ann.csv",
                "examples/5_noisy_ECG/118e12_ann.csv",
                "e8232a2e6926a1c8cea160c380b66fded6f1259d6086b6940a41f5fef872e1b6",
            ),
            File(
                "118e24.csv",
                "examples/5_noisy_ECG/118e24.csv",
                "ae1cded5bd7c1b01ddab8144cf3efcf3cce397ffdd0912afbd991fc96ef9b534",
            ),
            File(
                "118e24_ann.csv",
                "examples/5_noisy_ECG/118e24_ann.csv",
                "0136079d9b0a31ef2f32d35d5882a66ba3a488ec0874f6f5f31d2076e2be8d81",
            ),
        ),
    ),
    Origin(
        "physio_toolbox_ecg_airflow",
        "samuelgarcia/physio",
        "2ced0e137df0814e1a5bc0fd5b60f1e585a64ac7",
        (
            File(
                "ecg1_resp1.npz",
                "examples/ecg1.npy + resp1_airflow.npy",
                "4796321632c8cd851bef7cf30c0dd5754dea721af002920148d3f4618bc4ced8",
                "float64 to float32",
            ),
        ),
    ),
    Origin(
        "polar_h10_dhyb",
        "kieranabrennan/dont-hold-your-breath",
        "0bf570ffdc7db09d0fb075d3f1e4c8dcc5cb9623",
        (
            File(
                "sample_data_ibi.csv",
                "data/sample_data_ibi.csv",
                "60fb56f1f902050d7390b21429086a6c8e4a5b26e7b7b864775700d197bdbb31",
            ),
        ),
    ),
    Origin(
        "polar_h10_ecg_pvc",
        "kbroman/detectPVC",
        "35cd6c2d0e4df97412df6517a5995da0fefaf9b1",
        (
            File(
                "polar_h10.csv",
                "data/polar_h10.RData",
                "332766e3149ec1208c8fea750d00d7eafba973c2de7b1045625bb64c550d5289",
                "converted from RData",
            ),
        ),
    ),
    Origin(
        "pyhrv_nni",
        "PGomes92/pyhrv",
        "73ea446ecf7d3416fef86fc4025ddcc242398e3f",
        (
            File(
                "SampleNNISeriesLong.npy",
                "pyhrv/files/SampleNNISeriesLong.npy",
                "819b269d6c7bad8a74e1e48e15d9ce73d650eb10e5a7008104d1a6e0d2608f34",
            ),
            File(
                "SampleNNISeriesShort.npy",
                "pyhrv/files/SampleNNISeriesShort.npy",
                "5da9260d02171574cdb3865bf6298fe6069bfa2a4bfc8529a4dff8e524a32f76",
            ),
        ),
    ),
    Origin(
        "rhrvbook_rr",
        "RHRV-team/RHRVBook",
        "6cc70d2ba0dfb9fafa1da7233492f74aeffdee32",
        (
            File(
                "chf205_3h.txt",
                "data/Chapter8/chf/chf205_rr_secs.txt",
                "9a89fd885e58f8695c1d5f58520496f2a56f83c3fdc9abd4169441038c08dcb7",
                "first 3 h",
            ),
            File(
                "nsr020_3h.txt",
                "data/Chapter8/normal/nsr020_rr_secs.txt",
                "65a355f0c23e1d951bebc935e94b379f04fdda4e54e09970c32f1fda18bc0f80",
                "first 3 h",
            ),
        ),
    ),
    Origin(
        "selfloops_txt",
        "ppuggioni/hrate",
        "88ae7e093b05528772116d020de452d44089a6a4",
        (
            File(
                "20170804001r.txt",
                "data/sample/selfloops/20170804001r.txt",
                "9b81c4209de48f09345a579d3e49d902339477eff346a85660bdbd396546e94e",
            ),
            File(
                "20170808002e.txt",
                "data/selfloops/20170808002e.txt",
                "3c0d6203ab63a7029f15fc1ec09f2572dd6c45301d787fb0b97452cd970de6bb",
            ),
        ),
    ),
    Origin(
        "vollmer_hrm_raw",
        "MarcusVollmer/HRV",
        "58badf917cecd1490c1955fc61a0bc1a55736aa3",
        (
            File(
                "14121501.hrm",
                "data/14121501.hrm",
                "af924d85f52dcc36bb16742dc5264605d53c84d31fd2475108a843e1bfc2b38c",
            ),
        ),
    ),
    Origin(
        "wearable_hrv_multidevice",
        "Aminsinichi/wearable-hrv",
        "fdb4f005e7aa5d567fbc625706b4a7b68f7625f6",
        (
            File(
                "test_empatica.csv",
                "data/test_empatica.csv",
                "6c867057909380a5750fa9ec402aaf143556a094ac0ddd66d12021249e098fb0",
            ),
            File(
                "test_heartmath.csv",
                "data/test_heartmath.csv",
                "65beada0d914b927f61d9f7a4d744f2216fb01b0ac462afec7861c467d01e4c5",
            ),
            File(
                "test_kyto.csv",
                "data/test_kyto.csv",
                "a91e13a9a401989d0712f08ff4bb033c4d74ca0805c82b04f9d17daf432c7100",
            ),
            File(
                "test_rhythm.csv",
                "data/test_rhythm.csv",
                "0cd5cca47a9ada9d07e205b754b7c0cdba8a704237b3f1dc70f95ff652bd8a64",
            ),
            File(
                "test_vu.txt",
                "data/test_vu.txt",
                "45035a642a40c0489c7ee8d6e6297e202beef2b62f194b459bbd3c7ef37ab102",
            ),
        ),
    ),
)
"""In the order of their folders."""
