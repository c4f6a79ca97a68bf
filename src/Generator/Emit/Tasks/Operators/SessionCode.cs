using Penstock.Generator.Fusion;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>The code of a task with sessions.</summary>
internal sealed class SessionCode(Stage head, CodeWriter code, TaskNames names) : WindowCode(head, code, names)
{
    protected override bool NeedsHash => Refires && Node.Key!.Value.HasForms;

    protected override string LateComment => "The row is late: even a session of its own would be over.";

    protected override string WindowType => "global::Penstock.Windows.WindowBounds";

    protected override string SecretInFire => Names.Windows(Node) + ".Secret";

    protected override string ScopeArguments => "";

    protected override string EmitFind(string windows, string time) => $"{windows}.IsLate({time}, splitWatermark)";

    protected override void EmitState(string windows, string hash, string time) =>
        Code.Line($"ref var state = ref {windows}.GetOrOpen(key, {hash}, {time}, splitWatermark);");

    protected override void EmitAdded(string windows)
    {
        if (!Refires)
        {
            return;
        }

        var fire = Names.Fire(Node);
        var key = NeedsHash ? $"{windows}.StoredKey(key, hash)" : "key";
        using (Code.Braces($"if ({windows}.HasChanges)"))
        {
            using (Code.Braces($"while ({windows}.TryTakeDeleted(out var deleted))"))
            {
                Code.Line($"{fire}({key}, deleted, ref {windows}.State, global::Penstock.RowKind.Delete);");
            }

            Code.Line();
            using (Code.Braces($"if ({windows}.TryTakeLate(out var late, out var kind))"))
            {
                Code.Line($"{fire}({key}, late, ref state, kind);");
            }
        }
    }

    protected override void EmitWatermark()
    {
        var sessions = Names.Windows(Node);
        Code.Line();
        using (Code.Braces("protected override bool OnWatermark(long watermark)"))
        {
            using (Code.Braces(
                $"while ({sessions}.TryTakeDue(watermark, out var key, out var window, out {(Refires ? "var kind" : "_")}))"))
            {
                Code.Line($"{Names.Fire(Node)}(key, window, ref {sessions}.State{(Refires ? ", kind" : "")});");
                Code.Line();
                Code.Line("// Backpressure: suspend after this session; OnWatermark is called again for the others.");
                using (Code.Braces("if (IsBackpressured)"))
                {
                    Code.Line("return false;");
                }
            }

            Code.Line();
            Code.Line("return true;");
        }
    }
}
