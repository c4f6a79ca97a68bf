using Penstock.Connectors;
namespace Penstock.Sinks.Files;

/// <summary>Creates the errors for part files that do not belong to this job, with the remedy.</summary>
internal static class PartRefusal
{
    public static string Explain(IPartStore parts, SinkOwner owner, PartMark? mark, bool hasParts)
    {
        var (there, remedy) = (mark, owner.Checkpoints) switch
        {
            (null or { Checkpoints: null }, null) => (
                "there are part files of an earlier run. No folder for checkpoints is configured, so no run can recognize its output or "
                    + "resume an earlier run",
                $"Set Penstock:Pipelines:{owner.Pipeline}:Checkpoints:Path to a folder to have that from now on"),
            (null, _) => (
                $"there are part files already, and there is no checkpoint in '{owner.Checkpoints}' that accounts for them",
                "If they belong to this job, restore its checkpoints or the former path of the sink"),
            ({ Checkpoints: null }, _) => (
                $"there are part files of an earlier run of pipeline '{mark.Pipeline}', which kept its checkpoints in memory, so that "
                    + $"nothing can resume it",
                "Keep the folder for checkpoints that is configured now"),
            _ when !hasParts => (
                $"this place is that of another job, which may be running: of pipeline '{mark.Pipeline}' with the checkpoints in "
                    + $"'{mark.Checkpoints}'",
                "Let that job finish"),
            _ when mark.Checkpoints == owner.Checkpoints => (
                $"there are part files of a job whose checkpoints were in '{mark.Checkpoints}', and there is no checkpoint in that folder "
                    + $"any more",
                "To continue that job, restore its checkpoints"),
            (_, null) => (
                $"there are part files of a job of pipeline '{mark.Pipeline}' with the checkpoints in "
                    + $"'{mark.Checkpoints}', and no folder for checkpoints is configured",
                "To continue that job, set Checkpoints:Path to its folder"),
            _ => (
                $"there are part files of another job: of pipeline '{mark.Pipeline}' with the checkpoints in '{mark.Checkpoints}'",
                "To continue that job, set Checkpoints:Path to its folder"),
        };
        return $"Pipeline '{owner.Pipeline}' writes to '{parts.Place}', but {there}. {remedy}. To start over, delete the output, "
            + $"'{parts.MarkName}' with it, or choose another path for it (Sinks:<stream>:Path).";
    }
}
