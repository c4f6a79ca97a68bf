namespace Penstock.Generator.Tests.Helpers;

/// <summary>
/// Compares a string with a reviewed file, by the file convention of Verify: <c>Name.verified.cs</c> in the folder of the test, and
/// <c>Name.received.cs</c> if they differ.
/// </summary>
internal static class Snapshot
{
    /// <param name="name">The path of the file, from the folder of the project and without the extension.</param>
    /// <param name="parts">The parts of the string.</param>
    public static void Verify(string name, IEnumerable<string> parts)
    {
        var received = string.Join("\n", parts).ReplaceLineEndings("\n");
        var verifiedPath = Path.Combine(Repository.Tests, name + ".verified.cs");
        var receivedPath = Path.Combine(Repository.Tests, name + ".received.cs");
        if (Repository.IsUpdating)
        {
            File.WriteAllText(verifiedPath, received);
        }

        var verified = File.Exists(verifiedPath) ? Repository.Read(verifiedPath) : "";
        if (verified == received)
        {
            File.Delete(receivedPath);
            return;
        }

        File.WriteAllText(receivedPath, received);
        Assert.Fail($"{name} has changed. Review {receivedPath}, and set PENSTOCK_UPDATE=1 to accept it.");
    }
}
