using Penstock.Generator.Emit.Values;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>Emits the structs that contain the state of an operator, and the codecs that write them to checkpoints.</summary>
internal static class StateEmitter
{
    /// <summary>Emits a struct of states.</summary>
    public static void EmitStruct(CodeWriter code, StateLayout states, string access = "public")
    {
        code.Line($"/// <summary>{states.Summary}</summary>");
        using (code.Braces($"{access} struct {states.Type}"))
        {
            // If the memory of the struct has the written format, it is written directly.
            var written = InOrder(states);
            foreach (var state in BlittableLayout.SizeOf(written.Select(static state => state.Value)) > 0 ? written : states.Members)
            {
                code.Line($"internal {state.Declared} {state.Field};");
            }
        }
    }

    /// <summary>Emits the codec of such a struct.</summary>
    /// <param name="withCopies">Whether a table copies states, unlike rows that are only written and read.</param>
    public static void EmitCodec(CodeWriter code, StateLayout states, string access = "public", bool withCopies = true) => EmitCodec(
        code,
        states,
        $"Writes {char.ToLowerInvariant(states.Summary[0])}{states.Summary.Substring(1).TrimEnd('.')} into checkpoints, member by member.",
        access,
        blittableSize: BlittableLayout.SizeOf(InOrder(states).Select(static state => state.Value)),
        withCopies);

    /// <summary>Emits the codec of a struct.</summary>
    public static void EmitCodec(
        CodeWriter code, StateLayout states, string summary, string access, int blittableSize = 0, bool withCopies = true)
    {
        // A contract has the directive once for all of its codecs.
        var isInContract = access != "private";
        if (!isInContract)
        {
            CSharp.WithoutNullability(code);
            code.Line();
        }

        code.Line($"/// <summary>{summary}</summary>");
        using (code.Braces(
            $"{access} readonly struct {states.Codec} : global::Penstock.State.IStateCodec<{states.Type}>"))
        {
            EmitMembers(code, states, blittableSize, isInContract, withCopies);
        }

        if (!isInContract)
        {
            code.Line();
            code.Line("#nullable enable");
        }
    }

    private static void EmitMembers(CodeWriter code, StateLayout held, int blittableSize, bool isInContract, bool withCopies)
    {
        var states = InOrder(held);
        var upgrades = states
            .SelectMany(static state => state.Upgrades.Select(upgrade => (Upgrade: upgrade, Result: state.Value)))
            .ToList();
        var methods = new CodecMethods(
            states.Select(static state => state.Value),
            upgrades.SelectMany(static made => made.Upgrade.Takes).Select(static parameter => parameter.Value));
        var accepted = SchemaEmitter.Accepted(states);

        // The attribute of the contract refers to it.
        var constant = isInContract ? SchemaEmitter.ConstantOf(states) : null;
        if (constant != null)
        {
            code.Line($"internal const string {SchemaEmitter.Constant} = {CSharp.Literal(constant)};");
            code.Line();
        }

        var full = constant == null ? null : SchemaEmitter.Constant;
        code.Line($"public static string Schema => {(accepted == null ? full : null) ?? SchemaEmitter.Expression(states)};");
        code.Line();
        if (accepted != null)
        {
            code.Line($"public static string AcceptedSchema => {full ?? accepted};");
            code.Line();
        }

        if (blittableSize > 0)
        {
            code.Line($"public static int BlittableSize => {blittableSize};");
            code.Line();
        }

        var shared = states.FindAll(state => withCopies && state.Value.IsShared);
        if (shared.Count > 0)
        {
            code.Line($"public static bool HasSharedParts => {DetachEmitter.HasSharedParts(shared.Select(static state => state.Value))};");
            code.Line();
        }

        if (held.Expiries.Count > 0)
        {
            code.Line("public static bool HasTtl => true;");
            code.Line();
        }

        if (held.CanExpire)
        {
            code.Line("public static bool CanExpire => true;");
            code.Line();
        }

        EmitDeadlines(code, held, "RowTimeDeadlines", inProcessingTime: false);
        EmitDeadlines(code, held, "ProcessingTimeDeadlines", inProcessingTime: true);

        EmitDetach(code, held.Type, shared, methods);
        EmitTtl(code, held);
        using (CompositeEmitter.Method(
            code,
            $"public static void Write<TBuffer>(ref global::MemoryPack.MemoryPackWriter<TBuffer> writer, in {held.Type} state)",
            isGeneric: true))
        {
            new WriteEmitter(code, methods).Write(states.Select(state => (state.Value, $"state.{state.Field}")));
        }

        code.Line();
        using (CompositeEmitter.Method(
            code,
            $"public static void Read(ref global::MemoryPack.MemoryPackReader reader, out {held.Type} state)"))
        {
            var values = new ReadEmitter(code, methods, ["state"]).Read(states.Select(static state => (state.Value, state.Name)));
            code.Line(states.Count == 0
                ? "state = default;"
                : $"state = new {held.Type} {{ {string.Join(", ", states.Select((state, i) => $"{state.Field} = {values[i]}"))} }};");
        }

        if (upgrades.Count > 0)
        {
            code.Line();
            using (CompositeEmitter.Method(
                code,
                "public static void Upgrade<TBuffer>(int upgrade, ref global::MemoryPack.MemoryPackReader reader, ref global::MemoryPack.MemoryPackWriter<TBuffer> writer)",
                isGeneric: true))
            {
                UpgradeEmitter.Emit(code, upgrades, methods);
            }
        }

        CompositeEmitter.Emit(code, methods, withCopies);
    }

    /// <summary>The members of a struct in the order in which they are saved.</summary>
    public static List<StateSlot> InOrder(StateLayout held) => [.. ValueSchema.Order(held.Members, static state => state.Schema)];

    private static void EmitDetach(CodeWriter code, string type, List<StateSlot> shared, CodecMethods methods)
    {
        if (shared.Count == 0)
        {
            return;
        }

        using (code.Braces($"public static {type} Detach(in {type} state)"))
        {
            code.Line("var copy = state;");
            foreach (var state in shared)
            {
                code.Line($"copy.{state.Field} = {DetachEmitter.Expression(state.Value, $"state.{state.Field}", methods)};");
            }

            code.Line("return copy;");
        }

        code.Line();
    }

    // A checkpoint saves the clock of each.
    private static void EmitDeadlines(CodeWriter code, StateLayout held, string member, bool inProcessingTime)
    {
        var names = held.Expiries
            .Where(expiry => expiry.InProcessingTime == inProcessingTime)
            .Select(expiry => held.Members.First(slot => slot.Field == expiry.Field))
            .Select(static slot => CSharp.Literal(string.Join("|", slot.FormerNames.Prepend(slot.Name))))
            .ToList();
        if (names.Count > 0)
        {
            code.Line(
                $"public static global::System.Collections.Generic.IReadOnlyList<string> {member} => new[] {{ {string.Join(", ", names)} }};");
            code.Line();
        }
    }

    private static void EmitTtl(CodeWriter code, StateLayout held)
    {
        if (held.Expiries.Count == 0)
        {
            return;
        }

        if (held.CanExpire)
        {
            code.Line(
                $"public static bool IsExpired(in {held.Type} state, long now, long processingNow) => {string.Join(" && ", held.Expiries.Select(static expiry => $"global::Penstock.State.Expiry.IsExpired(state.{expiry.Field}, {expiry.Now})"))};");
            code.Line();
        }

        using (code.Braces($"public static void StartTtl(ref {held.Type} state, long now, long processingNow)"))
        {
            foreach (var expiry in held.Expiries)
            {
                code.Line($"global::Penstock.State.Expiry.Start(ref state.{expiry.Field}, {expiry.Now}, ttl: {CSharp.Literal(expiry.Ttl)});");
            }
        }

        code.Line();
    }
}
